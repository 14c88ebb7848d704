import { expect, test } from 'vitest';
import { initSql } from './mariadb.ts';

test('each statement is one line, which is how the servers read the file', () => {
	for (const line of initSql('secret', false).trimEnd().split('\n')) expect(line).toMatch(/;$/);
});

test('the user has its own database, and all of them only for tests', () => {
	expect(initSql('x', false)).toContain('GRANT ALL ON verifeed.* TO');
	expect(initSql('x', true)).toContain('GRANT ALL ON *.* TO');
});
