import { GraphQLError } from 'graphql';
import { DomainError } from '../domain/errors.ts';
import type { Reporter } from '../domain/reporter.ts';

/**
 * What a client is told of a failure: an expected one as it is, with its code; anything else as an
 * unexpected error without a detail, once it has been reported.
 */
export function createMask(reporter: Reporter): (error: unknown) => Error {
	return (error) => {
		const at = error instanceof GraphQLError ? error : null;
		const cause = rootOf(error);
		if (cause instanceof GraphQLError) return at ?? cause;
		// What a request's own JSON is wrong in; nothing of ours throws these on the way in.
		if (!at && cause instanceof SyntaxError) {
			return locate(at, `The request cannot be read: ${cause.message}.`, 'BAD_USER_INPUT');
		}
		if (cause instanceof DomainError) return locate(at, cause.message, cause.code);
		reporter.requestFailed(cause, at?.path?.join('.') ?? null);
		return locate(at, 'Unexpected error; it has been logged.', 'INTERNAL_SERVER_ERROR');
	};
}

/** A new error loses the place of the old one unless it is handed over. */
function locate(at: GraphQLError | null, message: string, code: string): GraphQLError {
	return new GraphQLError(message, {
		...(at?.nodes ? { nodes: at.nodes } : {}),
		...(at?.path ? { path: at.path } : {}),
		extensions: { code },
	});
}

function rootOf(error: unknown): unknown {
	return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;
}
