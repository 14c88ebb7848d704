import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentsOfPage } from './documents.ts';

test('the typed documents of the page are those of its operations and of the schema', async () => {
	const file = new URL('../../web/api/documents.ts', import.meta.url);
	expect(await documentsOfPage(), 'run: npm run schema').toBe(readFileSync(file, 'utf8'));
});
