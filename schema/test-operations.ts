import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
// Built first, the schema without them stays as it is.
import './schema.ts';
import { addTestError } from './test-error.ts';
import { addTestLog } from './test-log.ts';
import { addTestWait } from './test-wait.ts';

let built: GraphQLSchema | null = null;

/** The schema with fields that log, fail and wait at random, to exercise the monitoring; `schema` has none of them. */
export function schemaWithTestOperations(): GraphQLSchema {
	if (built) return built;
	for (const add of [addTestError, addTestLog, addTestWait]) add();
	built = builder.toSchema();
	return built;
}
