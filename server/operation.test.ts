import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { ownOperations } from '../domain/telemetry.ts';
import { graphiql } from './graphiql.ts';

const named = /\b(query|mutation|subscription) ([A-Z]\w*)\s*[({]/g;

test('the own operations are those that the documents of this project name', () => {
	const documents = (graphiql.defaultTabs ?? []).map(({ query }) => query ?? '');
	// GraphiQL asks for the schema by itself.
	documents.push(getIntrospectionQuery());
	const inTabs = documents
		.flatMap((text) => parse(text).definitions)
		.flatMap((definition) =>
			definition.kind === Kind.OPERATION_DEFINITION && definition.name
				? [[definition.name.value, definition.operation]]
				: [],
		);
	const clients = readdirSync('test/clients').map((file) => `test/clients/${file}`);
	const elsewhere = ['README.md', 'docs/graphql.md', 'docs/streaming.md', ...clients].flatMap(
		(file) =>
			Array.from(readFileSync(file, 'utf8').matchAll(named), ([, type, name]) => [name, type]),
	);
	expect(inTabs).toHaveLength(10);
	expect(Object.fromEntries([...inTabs, ...elsewhere])).toEqual(ownOperations);
});
