import { Stopped } from '../run/run.ts';
import { SetupError } from '../services/setup-error.ts';
import { Refused } from './refused.ts';

/** What a person reads at the end of a command that did not do all it was to do, and its exit status. */
export function explain(error: unknown): { text: string; status: 1 | 2 } {
	if (error instanceof Refused) return { text: error.message, status: 2 };
	if (wasStopped(error)) return { text: 'Stopped.', status: 1 };
	return { text: sentence(error), status: 1 };
}

function wasStopped(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return (
		error instanceof Stopped || (error.name === 'AbortError' && error.cause instanceof Stopped)
	);
}

function sentence(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if (error instanceof SetupError) return error.message;
	const code = codeOf(error);
	if (code === 'ER_NO_SUCH_TABLE') {
		return 'The database at MYSQL_URL has no tables of this product yet: npm run migrate makes them.';
	}
	if (code && /^(E[A-Z]+|ER_[A-Z_]+|PROTOCOL_[A-Z_]+)$/.test(code)) {
		return `A service did not do what it was asked (${code}): ${rootOf(error).message}`;
	}
	const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
	return `${error.message}${cause}`;
}

function codeOf(error: Error): string | undefined {
	for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
		if ('code' in cause && typeof cause.code === 'string') return cause.code;
	}
	return undefined;
}

/** The query builder's own message holds the whole query with its values. */
function rootOf(error: Error): Error {
	return error.cause instanceof Error ? rootOf(error.cause) : error;
}
