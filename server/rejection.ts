import type { ErrorCode, Rejection } from '../platform/metrics/graphql.ts';

/** The limits of graphql-armor share one code; they differ in their sentence alone. */
const limits: readonly (readonly [RegExp, Rejection])[] = [
	[/Query depth limit of/, 'depth'],
	[/Query Cost limit of/, 'cost'],
	[/Aliases limit of/, 'aliases'],
	[/Token limit of/, 'tokens'],
	[/Directives limit of/, 'directives'],
];

/** Why an operation was turned away; null for an error of one that ran. */
export function reasonOf(code: ErrorCode, message: string, isInvalid: boolean): Rejection | null {
	if (code === 'TOO_MANY_SUBSCRIPTIONS') return 'subscriptions';
	if (!isInvalid || code === 'INTERNAL_SERVER_ERROR') return null;
	const limit = limits.find(([sentence]) => sentence.test(message));
	if (limit) return limit[1];
	if (code === 'GRAPHQL_PARSE_FAILED') return 'parse';
	return code === 'GRAPHQL_VALIDATION_FAILED' ? 'validate' : 'request';
}
