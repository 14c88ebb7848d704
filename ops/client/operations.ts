import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as operations from '@graphql-codegen/typescript-operations';
import { type DocumentNode, Kind, parse, print, stripIgnoredCharacters } from 'graphql';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'client');
const file = join(folder, 'operations.ts');

/** The operations of the client package as texts, with types that are made of the printed schema. */
export async function operationsOfClient(): Promise<string> {
	const document = parse(readFileSync(join(folder, 'operations.graphql'), 'utf8'));
	const types = await codegen({
		schema: parse(readFileSync(join(root, 'schema', 'schema.graphql'), 'utf8')),
		documents: [{ document }],
		config: {
			enumsAsTypes: true,
			skipTypename: true,
			scalars: { Address: 'string', DateTime: 'string', JSON: 'unknown', ID: 'string' },
		},
		filename: file,
		plugins: [{ operations: {} }],
		pluginMap: { operations },
	});
	const texts = JSON.stringify(textsOf(document), null, '\t');
	return `// Made by npm run schema.\n${types}\nexport const documents = ${texts} as const;\n`;
}

/** By its name, each with the fragments that it uses. */
function textsOf({ definitions }: DocumentNode): Record<string, string> {
	const fragments = new Map(
		definitions.flatMap((each) =>
			each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, print(each)]] : [],
		),
	);
	return Object.fromEntries(
		definitions.flatMap((each) => {
			if (each.kind !== Kind.OPERATION_DEFINITION || !each.name) return [];
			const text = print(each);
			const used = [...text.matchAll(/\.\.\.(\w+)/g)].map(([, name = '']) => fragments.get(name));
			return [[each.name.value, stripIgnoredCharacters([text, ...used].join('\n'))]];
		}),
	);
}

if (import.meta.main) writeFileSync(file, await operationsOfClient());
