import { readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges, findDangerousChanges, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from './schema.ts';

const text = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

test('schema.graphql is what the code prints; after a change run npm run schema', () => {
	expect(text('./schema.graphql')).toBe(`${printSchema(schema)}\n`);
});

test('nothing of the public contract is lost or changed', () => {
	const published = buildSchema(text('./public-v1.graphql'));
	expect(findBreakingChanges(published, schema)).toEqual([]);
	expect(
		findDangerousChanges(published, schema).filter(
			({ type }) => type === 'ARG_DEFAULT_VALUE_CHANGE',
		),
	).toEqual([]);
});
