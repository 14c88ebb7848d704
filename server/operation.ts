import { type DocumentNode, type GraphQLFormattedError, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import {
	type Emit,
	type OperationOutcome,
	type OperationType,
	ownOperations,
	type Rejection,
} from '../domain/telemetry.ts';
import type { RequestTrace } from '../platform/telemetry/tracing/request.ts';

/** One GraphQL request from its arrival to its answer, reported as events and as a span. */
export interface Operation {
	readonly trace: RequestTrace;
	/** When it was answered or its stream began; null until then. */
	endedAt(): number | null;
	/** It is valid and about to run. False where its document has no such operation. */
	begin(document: DocumentNode, operationName: string | null | undefined): boolean;
	/** Reports the errors of an answer, or of one event of a stream. */
	note(errors: readonly Coded[] | undefined): void;
	/** Was not even looked at; `code` says why. */
	turnAway(code: string): void;
	/** Once: it was answered, its stream has begun, or nobody waits for it any more. */
	end(how: 'answered' | 'cancelled', status?: number): void;
	/** Resolves then. */
	whenOver(): Promise<void>;
}

type Coded = Pick<GraphQLFormattedError, 'message' | 'extensions'>;

export interface OperationFacts {
	transport: 'http' | 'ws';
	method: string;
	/** The client's own, from its request's headers. */
	clientTrace?: string | string[] | undefined;
}

/** What is reported of an operation instead of a name that its client chose. */
interface Labels {
	/** A name of this project's own documents, `other`, `anonymous`, or `invalid` where nothing can be run. */
	operation: string;
	operationType: OperationType | 'unknown';
}

const invalid: Labels = { operation: 'invalid', operationType: 'unknown' };
const serverFaults = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

export function newOperation(emit: Emit, trace: RequestTrace, facts: OperationFacts): Operation {
	return new ReportedOperation(emit, trace, facts);
}

/** A subscription keeps its own for as long as it is open. */
class ReportedOperation implements Operation {
	readonly trace: RequestTrace;
	#endedAt: number | null = null;
	readonly #emit: Emit;
	readonly #startedAt = performance.now();
	/** Until it has begun. */
	#facts: OperationFacts | null;
	readonly #transport: 'http' | 'ws';
	#labels = invalid;
	#outcome: OperationOutcome = 'ok';
	#failure: string | null = null;
	#rejected = false;
	#over = false;
	/** Few are waited for. */
	#waiting: PromiseWithResolvers<void> | null = null;

	constructor(emit: Emit, trace: RequestTrace, facts: OperationFacts) {
		this.#emit = emit;
		this.trace = trace;
		this.#facts = facts;
		this.#transport = facts.transport;
	}

	/** Whatever else is wrong with it, it is turned away once. */
	#reject(reason: Rejection | null): void {
		if (!reason || this.#rejected) return;
		this.#rejected = true;
		this.#emit({ type: 'graphql.rejected', reason });
	}

	#beginSpan(name: string): void {
		if (!this.#facts) return;
		const { transport, method, clientTrace } = this.#facts;
		this.#facts = null;
		this.trace.begin(name, {
			attributes: attributesOf(this.#labels, transport, method),
			rule: this.#labels.operationType === 'mutation' ? 'always' : 'share',
			clientTrace,
		});
	}

	begin(document: DocumentNode, operationName: string | null | undefined): boolean {
		// Yoga begins once more what could not be run elsewhere.
		if (this.#labels !== invalid) return true;
		const known = labelsIn(document, operationName);
		if (!known) return false;
		this.#labels = known;
		this.#beginSpan(known.operationType);
		return true;
	}

	note(errors: readonly Coded[] | undefined): void {
		// What came of it later was for nobody.
		if (this.#outcome === 'cancelled') return;
		for (const { message, extensions } of errors ?? []) {
			const given = extensions?.['code'];
			const code = typeof given === 'string' ? given : 'other';
			this.#emit({ type: 'graphql.error', operation: this.#labels.operation, code });
			const isOurs = serverFaults.has(code);
			if (isOurs) this.#failure ??= code;
			if (this.#outcome !== 'server_error') {
				this.#outcome = isOurs ? 'server_error' : 'client_error';
			}
			this.#reject(rejectionOf(code, message, this.#labels === invalid));
		}
	}

	endedAt(): number | null {
		return this.#endedAt;
	}

	turnAway(code: string): void {
		this.#over = true;
		this.#emit({ type: 'graphql.error', operation: 'other', code });
		this.#reject(code === 'TOO_MANY_CONNECTIONS' ? 'connections' : 'rate_limit');
	}

	whenOver(): Promise<void> {
		this.#waiting ??= Promise.withResolvers();
		if (this.#over) this.#waiting.resolve();
		return this.#waiting.promise;
	}

	end(how: 'answered' | 'cancelled', status = 200): void {
		if (this.#over) return;
		this.#over = true;
		this.#waiting?.resolve();
		this.#endedAt = performance.now();
		const labels = this.#labels;
		if (this.#outcome === 'ok') {
			if (how === 'cancelled') this.#outcome = 'cancelled';
			// Such as a body in a format that is not spoken here.
			else if (status >= 400) this.#outcome = status < 500 ? 'client_error' : 'server_error';
			// GraphiQL's page, and the like.
			else if (labels === invalid) return;
		}
		if (status >= 500) this.#failure ??= String(status);
		if (this.#failure && labels === invalid) this.#beginSpan('GraphQL Operation');
		const seconds = (this.#endedAt - this.#startedAt) / 1_000;
		const outcome = this.#outcome;
		this.trace.run(() => this.#emit({ type: 'graphql.answered', ...labels, outcome, seconds }));
		this.trace.end(
			this.#transport === 'ws' ? {} : { 'http.response.status_code': status },
			this.#failure,
		);
	}
}

/**
 * Reports every operation, over whichever transport it came. It runs in the span of its own; a subscription, which
 * outlives its span, runs apart from it.
 */
export const operationPlugin: Plugin<{ operation: Operation }, { operation: Operation }> = {
	onExecute({ args, executeFn, setExecuteFn }) {
		const operation = operationIn(args.contextValue);
		if (!operation.begin(args.document, args.operationName)) return;
		setExecuteFn((given) => operation.trace.run(() => executeFn(given)));
	},
	onSubscribe({ args, subscribeFn, setSubscribeFn }) {
		const operation = operationIn(args.contextValue);
		if (!operation.begin(args.document, args.operationName)) return;
		setSubscribeFn((given) => operation.trace.runApart(() => subscribeFn(given)));
	},
	onResultProcess({ result, resultProcessor, serverContext: { operation } }) {
		if (Array.isArray(result)) return;
		if (!isAsyncIterable(result)) return operation.note(result.errors);
		// A client that takes no stream is answered with 406.
		if (resultProcessor) operation.end('answered');
	},
};

/** The context is what the transport handed over, and more. */
function operationIn(context: unknown): Operation {
	return (context as { operation: Operation }).operation;
}

const own = new Map(Object.entries(ownOperations));
/** The same object for the same labels: they are few. */
const allLabels = new Map<string, Labels>();
/** Documents are kept by their text for a while, so most are the same object as before. */
const ofDocuments = new WeakMap<DocumentNode, Map<string, Labels>>();

/** Of the operation that would run; null where there is none. */
function labelsIn(document: DocumentNode, operationName: string | null | undefined): Labels | null {
	const chosen = operationName ?? '';
	const before = ofDocuments.get(document)?.get(chosen);
	if (before) return before;
	const operation = getOperationAST(document, operationName);
	if (!operation) return null;
	const labels = labelsOf(operation.name?.value, operation.operation);
	const all = ofDocuments.get(document) ?? new Map<string, Labels>();
	ofDocuments.set(document, all.set(chosen, labels));
	return labels;
}

function labelsOf(name: string | undefined, operationType: OperationType): Labels {
	const other = name === undefined ? 'anonymous' : 'other';
	const operation = name !== undefined && own.get(name) === operationType ? name : other;
	const key = `${operationType} ${operation}`;
	const labels = allLabels.get(key) ?? { operation, operationType };
	allLabels.set(key, labels);
	return labels;
}

const allAttributes = new Map<string, Record<string, string>>();

/** The same object for the same facts: they are few. */
function attributesOf(
	{ operation, operationType }: Labels,
	transport: 'http' | 'ws',
	method: string,
): Record<string, string> {
	const key = `${operation} ${operationType} ${transport} ${method}`;
	const before = allAttributes.get(key);
	if (before) return before;
	const made = {
		'graphql.operation.type': operationType,
		...(own.has(operation) && { 'graphql.operation.name': operation }),
		'http.request.method': method,
		'url.path': '/graphql',
		'network.protocol.name': transport === 'ws' ? 'websocket' : 'http',
	};
	allAttributes.set(key, made);
	return made;
}

/** The limits of graphql-armor share one code; they differ in their sentence alone. */
const limits: readonly (readonly [RegExp, Rejection])[] = [
	[/Query depth limit of/, 'depth'],
	[/Query Cost limit of/, 'cost'],
	[/Aliases limit of/, 'aliases'],
	[/Token limit of/, 'tokens'],
	[/Directives limit of/, 'directives'],
];

/** Why an operation was turned away; null for an error of one that ran. */
function rejectionOf(code: string, message: string, isInvalid: boolean): Rejection | null {
	if (code === 'TOO_MANY_SUBSCRIPTIONS') return 'subscriptions';
	if (!isInvalid || code === 'INTERNAL_SERVER_ERROR') return null;
	const limit = limits.find(([sentence]) => sentence.test(message));
	if (limit) return limit[1];
	if (code === 'GRAPHQL_PARSE_FAILED') return 'parse';
	return code === 'GRAPHQL_VALIDATION_FAILED' ? 'validate' : 'request';
}
