import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operationsOfClient } from './operations.ts';

test('the operations of the client package are those of its document and of the schema', async () => {
	const file = new URL('../../client/operations.ts', import.meta.url);
	expect(await operationsOfClient(), 'run: npm run schema').toBe(readFileSync(file, 'utf8'));
});
