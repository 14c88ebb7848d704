import { getIntrospectionQuery, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../schema/schema.ts';
import { introspectionCostRule } from './introspection.ts';

const isRefused = (query: string) =>
	validate(schema, parse(query), [introspectionCostRule]).length > 0;
const many = (count: number, selection: string) =>
	Array.from({ length: count }, (_, n) => `a${n}: ${selection}`).join(' ');

const types = 'types { fields { args { type { name } } type { name } } }';
const deep = 'types { fields { type { fields { type { fields { name } } } } } }';

test.each([
	['the usual query', getIntrospectionQuery()],
	['all that it may ask', getIntrospectionQuery({ schemaDescription: true, oneOf: true })],
	['one type of many', `{ ${many(20, '__type(name: "Contract") { fields { name } }')} }`],
	['no schema at all', `{ ${many(49, 'chains { id }')} }`],
])('%s is answered', (_, query) => {
	expect(isRefused(query)).toBe(false);
});

test.each([
	['the schema again and again', `{ ${many(49, `__schema { ${types} }`)} }`],
	['its types again and again', `{ __schema { ${many(49, types)} } }`],
	['lists in lists', `{ ${many(4, `__schema { ${deep} }`)} }`],
	[
		'a type again and again',
		`{ ${many(49, `__type(name: "Query") { ${many(49, 'fields { args { type { name fields { name } } } }')} }`)} }`,
	],
	[
		'fragments that spread one another',
		`{ __schema { ...A } } fragment A on __Schema { ${many(7, 'types { ...B }')} } fragment B on __Type { ${many(7, 'fields { ...C }')} } fragment C on __Field { ${many(7, 'args { name description }')} }`,
	],
	['inline fragments', `{ __schema { ... { ${many(49, types)} } } }`],
])('%s is refused', (_, query) => {
	expect(isRefused(query)).toBe(true);
});

test('a fragment that spreads itself ends', () => {
	expect(isRefused('{ __schema { ...A } } fragment A on __Schema { types { name } ...A }')).toBe(
		false,
	);
});
