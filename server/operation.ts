import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import {
	errorCode,
	type GraphQlMetrics,
	type OperationLabels,
	type Outcome,
	type Rejection,
} from '../platform/metrics/graphql.ts';
import type { RequestTrace } from '../platform/telemetry/tracing/request.ts';
import { invalid, type KnownOperation, knownOperation } from './operation-name.ts';
import { reasonOf } from './rejection.ts';

export type OperationTransport = 'http' | 'ws';

/** One GraphQL request from its arrival to its answer, told of as metrics and as a span. */
export interface Operation {
	readonly trace: RequestTrace;
	/** It is valid and about to run. Null where its document has no such operation. */
	begin(document: DocumentNode, operationName: string | null | undefined): KnownOperation | null;
	/** Counts the errors of an answer, or of one event of a stream. */
	note(errors: readonly Coded[] | undefined): void;
	/** Was not even looked at. */
	turnAway(): void;
	/** Once: it was answered, its stream has begun, or nobody waits for it any more. */
	end(how: 'answered' | 'cancelled', status?: number): void;
}

type Coded = Pick<GraphQLFormattedError, 'message' | 'extensions'>;

export interface OperationFacts {
	transport: OperationTransport;
	method: string;
	/** The client's own, from its request's headers. */
	clientTrace?: string | string[] | undefined;
}

export function newOperation(
	metrics: GraphQlMetrics,
	trace: RequestTrace,
	{ transport, method, clientTrace }: OperationFacts,
): Operation {
	const startedAt = performance.now();
	let labels: OperationLabels = invalid;
	let outcome: Outcome = 'ok';
	let failure: string | null = null;
	let rejected = false;
	let over = false;

	function note(errors: readonly Coded[] | undefined): void {
		// What came of it later was for nobody.
		if (outcome === 'cancelled') return;
		for (const error of errors ?? []) {
			const code = errorCode(error.extensions?.['code']);
			metrics.error(labels.operation, code);
			const isOurs = serverFaults.has(code);
			if (isOurs) failure ??= code;
			if (outcome !== 'server_error') outcome = isOurs ? 'server_error' : 'client_error';
			reject(reasonOf(code, error.message, labels === invalid));
		}
	}

	/** Whatever else is wrong with it, it is turned away once. */
	function reject(reason: Rejection | null): void {
		if (!reason || rejected) return;
		rejected = true;
		metrics.rejected(reason);
	}

	function beginSpan(name: string): void {
		const { type } = labels;
		trace.begin(name, {
			attributes: attributesOf(labels, transport, method),
			rule: type === 'mutation' ? 'always' : 'share',
			clientTrace,
		});
	}

	return {
		trace,
		begin(document, operationName) {
			const known = knownOperation(document, operationName);
			if (!known) return null;
			labels = known;
			beginSpan(known.type);
			return known;
		},
		note,
		turnAway() {
			over = true;
			metrics.error('other', 'TOO_MANY_REQUESTS');
			reject('rate_limit');
		},
		end(how, status = 200) {
			if (over) return;
			over = true;
			if (outcome === 'ok') {
				if (how === 'cancelled') outcome = 'cancelled';
				// Such as a body in a format that is not spoken here.
				else if (status >= 400) outcome = status < 500 ? 'client_error' : 'server_error';
				// GraphiQL's page, and the like.
				else if (labels === invalid) return;
			}
			if (status >= 500) failure ??= String(status);
			if (failure && labels === invalid) beginSpan('GraphQL Operation');
			const seconds = (performance.now() - startedAt) / 1_000;
			trace.run(() => metrics.operation(labels, outcome, seconds));
			trace.end(transport === 'ws' ? {} : { 'http.response.status_code': status }, failure);
		},
	};
}

const serverFaults = new Set<string>(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

const attributes = new Map<string, Record<string, string>>();

/** The same object for the same facts: they are few. */
function attributesOf(
	{ operation, type }: OperationLabels,
	transport: OperationTransport,
	method: string,
): Record<string, string> {
	const key = `${operation} ${type} ${transport} ${method}`;
	const before = attributes.get(key);
	if (before) return before;
	const isNamed = operation !== 'other' && operation !== 'anonymous' && operation !== 'invalid';
	const made = {
		'graphql.operation.type': type,
		...(isNamed && { 'graphql.operation.name': operation }),
		'http.request.method': method,
		'url.path': '/graphql',
		'network.protocol.name': transport === 'ws' ? 'websocket' : 'http',
	};
	attributes.set(key, made);
	return made;
}
