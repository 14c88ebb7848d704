import { type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { isAsyncIterable } from 'graphql-yoga';
import type { FollowContext } from '../domain/follow.ts';
import type { HostCheck } from '../platform/host-names.ts';
import type { RequestTrace } from '../platform/telemetry/tracing/request.ts';
import type { Admission } from './admission.ts';
import type { AnswerTurns, BoundAnswer } from './answer-size.ts';
import type { Client } from './client.ts';
import { type createDocuments, isErrors, type KnownOperation } from './documents.ts';
import { mask, withCode, withoutStatus, withTrace } from './failures.ts';
import type { Transport } from './graphql.ts';
import type { Refusal } from './http-answer.ts';
import { newOperation, type Operation } from './operation.ts';
import type { Origins } from './origins.ts';
import { tooManyRequests, unknownKey } from './refusals.ts';
import { type ClientStreams, type OpenStream, type Streams, Subscription } from './subscription.ts';
import type { Exchange } from './websocket-protocol.ts';

export interface WebSocketContext extends FollowContext, Admission {
	documents: ReturnType<typeof createDocuments>;
	bound: BoundAnswer;
	operationContext(transport: Transport): AnswerTurns;
	newTrace(): RequestTrace;
	/** Those of this server. */
	streams: Streams;
	isExpectedHost: HostCheck;
	origins: Origins;
	followers: ClientStreams;
}

/** What is kept of a connection, and of the request that opened it. */
export interface Connection {
	/** By its address, or by the key that it has sent at last. */
	client: Client;
	clientTrace: string | string[] | undefined;
	streams: Streams;
	/** Whether its client may submit. */
	mayChange: boolean;
	/** Ends it, whatever its client has not taken yet. */
	cut(): void;
}

/** Runs an operation of a WebSocket as those over HTTP are run, and reports it; resolves once it is answered, or its stream is open. */
export async function runOperation(
	context: WebSocketContext,
	connection: Connection,
	exchange: Exchange,
	payload: SubscribePayload,
): Promise<void> {
	const { clientTrace, streams, mayChange } = connection;
	const operation = newOperation(context.emit, context.newTrace(), {
		...{ transport: 'ws', method: 'GET', clientTrace },
	});
	const taken = new Taken();
	try {
		const client = context.clients.now(connection.client);
		const refusal = client ? tooManyRequests.refusal : unknownKey.refusal;
		if (!client || client.countRequest() < 0) {
			operation.turnAway(refusal.code);
			return exchange.fail([turnedAway(refusal, operation.trace.traceId)]);
		}
		if (!exchange.isOpen) return operation.end('cancelled');
		const operationName = payload.operationName ?? null;
		const known = context.documents.read(payload.query, operationName);
		if (isErrors(known)) return exchange.fail(refused(operation, known));
		const subscription = new Subscription(context, {
			transport: 'ws',
			operation,
			streams: [streams, context.streams],
			followers: context.followers,
			client: client.name,
		});
		const running: Running = {
			...{ exchange, operation, subscription, known, variables: payload.variables },
			...{
				server: context,
				context: context.operationContext({
					...{ operation, subscription, asker: client, mayChange },
					whenTaken: () => taken.when(),
					cut: () => connection.cut(),
				}),
			},
		};
		operation.begin(known.document, operationName);
		if (known.isSubscription) await operation.trace.runApart(() => open(running));
		else await operation.trace.run(() => answer(running));
	} catch (error) {
		// A fault of ours: the operation is over, and its connection is closed with 4500.
		operation.note([{ message: '', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
		operation.end('answered');
		throw error;
	} finally {
		taken.end();
	}
}

/** Until a client has what it was sent; made when somebody waits for it, which few answers are worth. */
class Taken {
	#promise: PromiseWithResolvers<void> | null = null;

	when(): Promise<void> {
		this.#promise ??= Promise.withResolvers();
		return this.#promise.promise;
	}

	end(): void {
		this.#promise?.resolve();
		this.#promise = null;
	}
}

interface Running {
	server: Pick<WebSocketContext, 'emit' | 'bound'>;
	exchange: Exchange;
	operation: Operation;
	subscription: Subscription;
	known: KnownOperation;
	variables: SubscribePayload['variables'];
	/** Of its resolvers. */
	context: AnswerTurns;
}

async function answer({ known, ...running }: Running): Promise<void> {
	await give(running, await known.run(running.context, running.variables));
}

/** The only result of an operation; resolves when its client has taken it, so that answers do not pile up. */
async function give(
	{ server, operation, exchange, context }: Omit<Running, 'known' | 'variables' | 'subscription'>,
	made: ExecutionResult,
): Promise<void> {
	const bounded = exchange.isOpen ? server.bound(made, () => context.takeTurn()) : made;
	const result = masked(server, bounded instanceof Promise ? await bounded : bounded);
	operation.note(result.errors);
	operation.end(exchange.isOpen ? 'answered' : 'cancelled');
	if (!exchange.isOpen) return;
	exchange.next(namingTrace(result, operation.trace.traceId));
	await new Promise<void>((resolve) => exchange.complete(resolve));
}

async function open(running: Running): Promise<void> {
	const { exchange, operation, subscription, known, context, variables } = running;
	const events = await known.open(context, variables);
	if (!isAsyncIterable(events)) return give(running, events);
	operation.end(exchange.isOpen ? 'answered' : 'cancelled');
	if (!exchange.isOpen) return subscription.end();
	const stream = new Stream(running, events[Symbol.asyncIterator]());
	exchange.stream = stream;
	stream.pull();
}

/** Hands on the events of a subscription, one by one: the next is asked for when the kernel has the one before. */
class Stream implements OpenStream {
	readonly #running: Running;
	readonly #events: AsyncIterator<unknown>;
	#isFirst = true;
	/** Of an event that is long. */
	#taken: Taken | null = null;

	constructor(running: Running, events: AsyncIterator<unknown>) {
		this.#running = running;
		this.#events = events;
	}

	end(): void {
		void this.#events.return?.();
	}

	// Not `async`, and no generator: thousands of idle streams wait here.
	readonly pull = (): void => {
		this.#taken?.end();
		this.#events.next().then(this.#take, this.#fail);
	};

	readonly #take = ({ done, value }: IteratorResult<unknown>): void => {
		const { exchange, known, context, variables } = this.#running;
		if (done) {
			exchange.complete();
			return;
		}
		try {
			const made = known.run(context, variables, value);
			if ('then' in made) made.then(this.#send).catch(this.#fail);
			else this.#send(made);
		} catch (error) {
			this.#fail(error);
		}
	};

	readonly #send = (made: ExecutionResult): void => {
		const { exchange, server } = this.#running;
		if (!exchange.isOpen) return;
		const bounded = server.bound(made, () => this.#takeTurn());
		if (bounded instanceof Promise) bounded.then((late) => this.#write(late)).catch(this.#fail);
		else this.#write(bounded);
	};

	#takeTurn(): Promise<void> {
		this.#taken = new Taken();
		return this.#running.context.takeEventTurn(this.#taken.when());
	}

	#write(bounded: ExecutionResult): void {
		const { exchange, operation, subscription, server } = this.#running;
		// While it waited for its turn.
		if (!exchange.isOpen) {
			this.#taken?.end();
			return;
		}
		const result = masked(server, bounded);
		subscription.sent(result);
		const { traceId } = operation.trace;
		exchange.next(this.#isFirst ? namingTrace(result, traceId) : result, this.pull);
		this.#isFirst = false;
	}

	readonly #fail = (error: unknown): void => {
		this.end();
		this.#running.exchange.fail([mask(this.#running.server.emit, error)]);
	};
}

/** As a client may see it. */
function masked({ emit }: Running['server'], result: ExecutionResult): ExecutionResult {
	if (!result.errors) return result;
	return { ...result, errors: result.errors.map((error) => withoutStatus(mask(emit, error))) };
}

/** A result as it is written, with the id of its trace: over WebSocket there is no header for it. */
function namingTrace(
	{ data, errors, extensions }: ExecutionResult,
	traceId: string,
): FormattedExecutionResult {
	return {
		...(errors && { errors: errors.map((error) => error.toJSON()) }),
		...(data !== undefined && { data }),
		extensions: { ...extensions, traceId },
	};
}

/** Reports an operation that cannot be run, and says why. */
function refused(operation: Operation, errors: readonly GraphQLError[]): GraphQLError[] {
	const coded = errors.map(withCode);
	operation.note(coded);
	operation.end('answered');
	return coded.map((error) => withTrace(error, operation.trace.traceId));
}

function turnedAway({ message, ...extensions }: Refusal, traceId: string): GraphQLError {
	return new GraphQLError(message, { extensions: { ...extensions, traceId } });
}
