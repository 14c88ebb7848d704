import { printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from './schema.ts';
import { schemaWithTestOperations } from './test-operations.ts';

test('the test operations are in one schema and nowhere in the other, whichever was asked for first', () => {
	const plain = printSchema(schema);
	const text = printSchema(schemaWithTestOperations());
	expect(schemaWithTestOperations()).toBe(schemaWithTestOperations());
	expect(plain).not.toMatch(/test/i);
	expect(printSchema(schema)).toBe(plain);
	for (const name of ['testWait', 'testError', 'testLog', 'TestErrorKind', 'TestLogLevel']) {
		expect(text).toContain(name);
	}
});
