import { expect, test } from 'vitest';
import { statementOf } from './statement.ts';

test.each([
	['select `a`, `b` from `contracts` left join `contract_sources` on 1', 'SELECT', 'contracts'],
	['select utc_timestamp(3) from dual', 'SELECT', 'other'],
	["insert into `source_blobs` (`hash`) values ('update `contracts`')", 'INSERT', 'source_blobs'],
	['insert ignore into `chain_lists` (`origin`) values (1)', 'INSERT', 'chain_lists'],
	['update `contracts` set `status` = 1', 'UPDATE', 'contracts'],
	['select * from `others`', 'SELECT', 'other'],
	['select 1', 'SELECT', 'other'],
	['commit', 'COMMIT', 'other'],
	['start transaction; select 1 from `contracts` for update', 'SELECT', 'contracts'],
	['start transaction; select utc_timestamp(3)', 'SELECT', 'other'],
	['begin', 'other', 'other'],
	['drop table `contracts`', 'other', 'other'],
	['', 'other', 'other'],
])('%s', (sql, operation, collection) => {
	expect(statementOf(sql)).toEqual({ operation, collection });
});
