import { answerSeconds } from './buckets.ts';
import type { Metrics } from './registry.ts';
import { createCounter, createHistogram } from './series.ts';

const types = ['query', 'mutation', 'subscription', 'unknown'] as const;
const outcomes = ['ok', 'client_error', 'server_error', 'cancelled'] as const;
/** What a server answers with; any other code counts as `other`. */
const codes = [
	'BAD_USER_INPUT',
	'GRAPHQL_PARSE_FAILED',
	'GRAPHQL_VALIDATION_FAILED',
	'BAD_REQUEST',
	'REQUEST_ENTITY_TOO_LARGE',
	'TOO_MANY_REQUESTS',
	'TOO_MANY_SUBSCRIPTIONS',
	'SERVICE_UNAVAILABLE',
	'INTERNAL_SERVER_ERROR',
	'other',
] as const;
const reasons = [
	'parse',
	'validate',
	'depth',
	'cost',
	'aliases',
	'tokens',
	'directives',
	'rate_limit',
	'subscriptions',
	'request',
] as const;

type Type = (typeof types)[number];
export type Outcome = (typeof outcomes)[number];
export type ErrorCode = (typeof codes)[number];
export type Rejection = (typeof reasons)[number];

/** What is told of an operation instead of a name that a stranger chose. */
export interface OperationLabels {
	/** A name of the project's own documents, `other`, `anonymous`, or `invalid` where nothing can be run. */
	operation: string;
	type: Type;
}

export interface GraphQlMetrics {
	operation(labels: OperationLabels, outcome: Outcome, seconds: number): void;
	error(operation: string, code: ErrorCode): void;
	rejected(reason: Rejection): void;
}

const known = new Set<string>(codes);

export function errorCode(code: unknown): ErrorCode {
	// Only what is in the set is returned.
	return typeof code === 'string' && known.has(code) ? (code as ErrorCode) : 'other';
}

/** `own` names the operations that are told apart, with the type of each. */
export function createGraphQlMetrics(
	registry: Metrics,
	own: Readonly<Record<string, Type>>,
): GraphQlMetrics {
	const operations = [...Object.keys(own), 'other', 'anonymous', 'invalid'];
	const duration = createHistogram(registry, {
		name: 'graphql_operation_duration_seconds',
		help: 'GraphQL operations until their answer, and subscriptions until their start',
		labels: { operation: operations, type: types, outcome: outcomes },
		only: ({ operation, type, outcome }) =>
			operation === 'invalid'
				? type === 'unknown' && outcome !== 'ok'
				: type !== 'unknown' && type === (own[operation] ?? type),
		buckets: answerSeconds,
	});
	const errors = createCounter(registry, {
		name: 'graphql_errors_total',
		help: 'Errors in GraphQL answers, by their code',
		labels: { code: codes, operation: operations },
		only: ({ code, operation }) => mayHave(operation, code, own[operation]),
	});
	const rejections = createCounter(registry, {
		name: 'graphql_rejected_total',
		help: 'GraphQL operations that were not begun, or were turned away',
		labels: { reason: reasons },
	});
	return {
		operation: ({ operation, type }, outcome, seconds) =>
			duration({ operation, type, outcome }, seconds),
		error: (operation, code) => errors({ code, operation }),
		rejected: (reason) => rejections({ reason }),
	};
}

/** What runs has been read and is valid; what does not run is refused before anything else can be wrong. */
function mayHave(operation: string, code: ErrorCode, type: Type | undefined): boolean {
	if (code === 'INTERNAL_SERVER_ERROR' || code === 'other') return true;
	if (code === 'TOO_MANY_REQUESTS') return operation === 'other';
	const ofRunning = code === 'TOO_MANY_SUBSCRIPTIONS' || code === 'SERVICE_UNAVAILABLE';
	if (operation === 'invalid') return !ofRunning;
	if (code === 'TOO_MANY_SUBSCRIPTIONS') return type === undefined || type === 'subscription';
	return ofRunning || code === 'BAD_USER_INPUT';
}
