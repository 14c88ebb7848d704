import { expect, test } from 'vitest';
import { asCsv } from './export.ts';

test('a cell is neither a formula nor the end of its column', () => {
	const source = { name: '=cmd|"x",1', language: 'Solidity', fileCount: 2 };
	const contract = {
		...{ chainId: 1, address: '0x1', status: 'SUCCESS' as const, version: 3, attempts: 1 },
		...{ nextAttemptAt: null, updatedAt: '', error: null, source },
	};
	expect(
		asCsv(1, [
			{ address: '0x1', contract },
			{ address: '0x2', contract: null },
		]),
	).toBe(
		[
			'chainId,address,status,name,language,files,error',
			`1,0x1,SUCCESS,"'=cmd|""x"",1",Solidity,2,`,
			'1,0x2,not submitted,,,,',
			'',
		].join('\r\n'),
	);
});
