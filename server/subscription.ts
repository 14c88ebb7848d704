import { setTimeout } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import type { ContractKey, StatusEvent } from '../domain/contract.ts';
import { badInput, DomainError } from '../domain/errors.ts';
import { type EventStream, type FollowContext, follow } from '../domain/follow.ts';
import { followMany } from '../domain/follow-many.ts';
import { isFinal } from '../domain/status.ts';
import type {
	DeliveryResult,
	SubscriptionField,
	SubscriptionTransport,
} from '../domain/telemetry.ts';
import { endDelivery, startDelivery } from '../platform/telemetry/tracing/request.ts';
import type { Operation } from './operation.ts';

/** The open streams of one connection, of one client, or of this server, and how many it may have. */
export interface Streams {
	/** For the sentence that refuses: 'A connection', 'A client' or 'This server'. */
	readonly whose: string;
	readonly maxStreams: number;
	/** Followed by all of them together. */
	readonly maxContracts: number;
	readonly open: Set<OpenStream>;
	contracts: number;
}

export interface OpenStream {
	end(): void;
}

export function newStreams(whose: string, maxStreams: number, maxContracts: number): Streams {
	return { whose, maxStreams, maxContracts, open: new Set(), contracts: 0 };
}

/** Counts one more stream everywhere, or nowhere and throws `TOO_MANY_SUBSCRIPTIONS`. */
export function countStream(
	counts: readonly Streams[],
	contracts: number,
	stream: OpenStream,
): void {
	for (const count of counts) {
		const { whose, maxStreams, maxContracts } = count;
		if (count.open.size < maxStreams && count.contracts + contracts <= maxContracts) continue;
		throw new DomainError(
			'TOO_MANY_SUBSCRIPTIONS',
			`${whose} carries at most ${maxStreams} subscriptions to ${maxContracts} contracts; end some, or use contractStatuses.`,
		);
	}
	for (const count of counts) {
		count.open.add(stream);
		count.contracts += contracts;
	}
}

export function discountStream(
	counts: readonly Streams[],
	contracts: number,
	stream: OpenStream,
): void {
	for (const count of counts) if (count.open.delete(stream)) count.contracts -= contracts;
}

export function endStreams({ open }: Streams): void {
	for (const stream of open) stream.end();
}

/** The streams of each client, by its address; of one who has none nothing is kept. */
export class ClientStreams {
	readonly #most: number;
	readonly #streams = new Map<string, Streams>();

	constructor(most: number) {
		this.#most = most;
	}

	/** As `countStream`, with those of its client. */
	count(client: string, others: readonly Streams[], contracts: number, stream: OpenStream): void {
		try {
			countStream([...others, this.#of(client)], contracts, stream);
		} finally {
			this.#forgetIdle(client);
		}
	}

	discount(
		client: string,
		others: readonly Streams[],
		contracts: number,
		stream: OpenStream,
	): void {
		discountStream([...others, this.#of(client)], contracts, stream);
		this.#forgetIdle(client);
	}

	#of(client: string): Streams {
		const before = this.#streams.get(client);
		if (before) return before;
		const streams = newStreams('A client', this.#most, this.#most);
		this.#streams.set(client, streams);
		return streams;
	}

	#forgetIdle(client: string): void {
		if (this.#streams.get(client)?.open.size === 0) this.#streams.delete(client);
	}
}

interface SubscriptionOwner {
	transport: SubscriptionTransport;
	operation: Pick<Operation, 'note'>;
	/** Where it counts, besides the streams of its client. */
	streams: readonly Streams[];
	followers: ClientStreams;
	client: string;
	/** The SSE id that its client was given last, as it stands in the request. */
	lastEventId?: string | undefined;
}

interface Running {
	field: SubscriptionField;
	events: EventStream;
	contracts: number;
}

/** An event that was taken and is not yet handed to the socket. */
interface Delivery {
	event: StatusEvent;
	field: SubscriptionField;
	span: ReturnType<typeof startDelivery>;
}

const done = { done: true, value: undefined } as const;

/**
 * The subscription of one GraphQL operation, over any transport: the only iterator between `follow` and graphql-js.
 * One `next()` at a time. `return()` takes effect at once, whatever a `next()` waits for.
 */
export class Subscription implements EventStream, OpenStream {
	/** The SSE id of the event that was taken last: its version, a cursor where there is one contract. */
	id: number | null = null;
	readonly #context: FollowContext;
	readonly #owner: SubscriptionOwner;
	readonly #begunAt = Date.now();
	#resumed: { key: ContractKey; from: number } | null = null;
	#running: Running | null = null;
	#delivery: Delivery | null = null;

	constructor(context: FollowContext, owner: SubscriptionOwner) {
		this.#context = context;
		this.#owner = owner;
	}

	/** Goes on after `Last-Event-ID` or `afterVersion`, whichever is higher. Throws a `DomainError`. */
	follow(key: ContractKey, afterVersion: number | null): this {
		const { lastEventId } = this.#owner;
		if (lastEventId) {
			this.#resumed = { key, from: Math.max(readId(lastEventId), afterVersion ?? 0) };
		}
		const from = this.#resumed?.from ?? afterVersion;
		return this.#open('contractStatus', 1, () => follow(this.#context, key, from));
	}

	/** Versions of many contracts are no cursor: their events have no id, and start anew. Throws a `DomainError`. */
	followMany(keys: readonly ContractKey[]): this {
		return this.#open('contractStatuses', keys.length, () => followMany(this.#context, keys));
	}

	#open(field: SubscriptionField, contracts: number, start: () => EventStream): this {
		const { streams, followers, client, transport } = this.#owner;
		followers.count(client, streams, contracts, this);
		this.#running = { field, contracts, events: start() };
		this.#context.emit({ type: 'subscription.opened', field, transport });
		return this;
	}

	next(): Promise<IteratorResult<StatusEvent, void>> {
		if (!this.#running) return Promise.resolve(done);
		return this.#running.events.next().then(this.#took, this.#failed);
	}

	// Not `async`: of thousands of streams each waits here.
	readonly #took = (result: IteratorResult<StatusEvent, void>) => {
		if (!this.#running) return done;
		if (result.done) this.end();
		else this.#taken(result.value, this.#running.field);
		return result;
	};

	readonly #failed = (error: unknown) => {
		this.end();
		throw error;
	};

	async return(): Promise<IteratorReturnResult<void>> {
		this.end();
		return done;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	#taken(event: StatusEvent, field: SubscriptionField): void {
		this.#drop();
		this.id = field === 'contractStatus' ? event.version : null;
		const span = startDelivery(event.trace, {
			'graphql.operation.type': 'subscription',
			'verifeed.subscription': field,
			'verifeed.transport': this.#owner.transport,
			'verifeed.version': event.version,
		});
		this.#delivery = { event, field, span };
	}

	/** The event that was taken last is handed to the socket, as this result. */
	sent({ errors }: { errors?: readonly GraphQLError[] | undefined }): void {
		this.#owner.operation.note(errors);
		const delivery = this.#delivery;
		if (!delivery) return;
		const at = delivery.event.at.getTime();
		// Whoever asks for the past gets what is old.
		const seconds = at < this.#begunAt ? null : Math.max(0, Date.now() - at) / 1_000;
		this.#delivered(delivery, errors ? 'failed' : 'sent', seconds);
	}

	/** Its subscriber has left meanwhile. */
	#drop(): void {
		if (this.#delivery) this.#delivered(this.#delivery, 'dropped', null);
	}

	#delivered({ field, span }: Delivery, result: DeliveryResult, seconds: number | null): void {
		this.#delivery = null;
		endDelivery(span, result !== 'sent', () =>
			this.#context.emit({ type: 'subscription.event', field, result, seconds }),
		);
	}

	end(): void {
		if (!this.#running) return;
		const { field, events, contracts } = this.#running;
		const { streams, followers, client, transport } = this.#owner;
		this.#running = null;
		void events.return();
		followers.discount(client, streams, contracts, this);
		this.#drop();
		this.#context.emit({ type: 'subscription.closed', field, transport });
	}

	/**
	 * Whether the client has the last event of a finished contract. So it is with a browser's EventSource, which
	 * connects again after every end, until it gets 204.
	 */
	async hasLastEvent(): Promise<boolean> {
		if (!this.#resumed) return false;
		try {
			const newest = await this.#context.store.readNewestEvent(this.#resumed.key);
			return newest !== null && newest.version <= this.#resumed.from && isFinal(newest.status);
		} catch {
			return false;
		}
	}
}

function readId(text: string): number {
	const version = Number(text);
	if (/^\d+$/.test(text) && version < 2 ** 31) return version;
	throw badInput('Last-Event-ID has to be the id of an event of this stream.');
}

/** Does something to each at a random moment within `ms`, so that their clients do not all come back at once. */
export async function spread<T>(
	each: Iterable<T>,
	ms: number,
	act: (one: T) => void,
): Promise<void> {
	const waits = Array.from(each, async (one) => {
		await setTimeout(Math.random() * ms);
		act(one);
	});
	await Promise.all(waits);
}
