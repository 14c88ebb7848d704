import { DrizzleQueryError } from 'drizzle-orm';

const deepest = 5;
const mostErrors = 3;

/**
 * An error as facts: whole for the log, with its causes and those of an `AggregateError`, but never with the values
 * of a query.
 */
export function errorFacts(error: unknown, depth = 0): Record<string, unknown> {
	if (!(error instanceof Error)) return { message: String(error) };
	const { stack = '' } = error;
	const further = (cause: unknown) => errorFacts(cause, depth + 1);
	const told = depth < deepest;
	return {
		name: error.name,
		message: messageOf(error),
		...('code' in error ? { code: error.code } : {}),
		// Without the message, which it repeats.
		stack: stack.slice(Math.max(stack.indexOf('\n    at '), 0)),
		...(error.cause === undefined || !told ? {} : { cause: further(error.cause) }),
		...(error instanceof AggregateError && told
			? { errors: error.errors.slice(0, mostErrors).map(further) }
			: {}),
	};
}

function messageOf(error: Error): string {
	// The query builder appends every parameter: whole sources among them.
	return error instanceof DrizzleQueryError ? `failed query: ${error.query}` : error.message;
}
