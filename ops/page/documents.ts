import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as documents from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';

const root = dirname(dirname(import.meta.dirname));
const folder = join(root, 'web', 'api');
const file = join(folder, 'documents.ts');

/** The operations of the page as typed documents, made of its `.graphql` files and of the printed schema. */
export async function documentsOfPage(): Promise<string> {
	const names = globSync('*.graphql', { cwd: folder }).toSorted();
	const text = await codegen({
		schema: parse(readFileSync(join(root, 'schema', 'schema.graphql'), 'utf8')),
		documents: names.map((location) => ({
			location,
			document: parse(readFileSync(join(folder, location), 'utf8')),
		})),
		config: {
			documentMode: 'string',
			enumsAsTypes: true,
			useTypeImports: true,
			skipTypename: true,
			scalars: { Address: 'string', DateTime: 'string', JSON: 'unknown', ID: 'string' },
		},
		filename: file,
		plugins: [{ operations: {} }, { documents: {} }],
		pluginMap: { operations, documents },
	});
	return `// Made by npm run schema.\n${text}`;
}

if (import.meta.main) writeFileSync(file, await documentsOfPage());
