import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Follow } from '../domain/follow.ts';
import type { ContractStore } from '../domain/ports.ts';
import type { DeliveryMetrics } from '../platform/metrics/subscriptions.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import type { Operation } from './operation.ts';
import { createResume, type Resume } from './resume.ts';
import { spread } from './spread.ts';
import { createSseBody, type SseBody, sseComplete } from './sse-body.ts';
import { type Onlooker, trackStreams, unlimited } from './streams.ts';

/** What a request over HTTP hands over with its operation. */
export interface SseTransport {
	follow: Follow;
	sse: {
		resume: Resume;
		response: ServerResponse;
		/** The `id` of the event that is going out. */
		id(): number | null;
		delivery: Delivery;
	};
}

export interface SseOptions {
	follow: Follow;
	store: Pick<ContractStore, 'readNewestEvent'>;
	onlooker: Onlooker;
	deliveries: DeliveryMetrics;
	pingMs: number;
	/** A client that takes nothing of what is sent for so long is gone. */
	deadMs: number;
}

export interface Sse {
	/** Writes every subscription's event stream, in the place of Yoga's own writer. */
	plugin: Plugin<Record<string, unknown>, Partial<SseTransport>>;
	transport(
		request: IncomingMessage,
		response: ServerResponse,
		operation: Pick<Operation, 'note'>,
	): SseTransport;
	/** Cuts every stream within `ms`; none completes, so their clients come back. */
	close(ms: number): Promise<void>;
}

const mediaType = 'text/event-stream';
/** Anew for each: Yoga's Response writes a length into what it is given. */
const headers = () => ({
	'content-type': mediaType,
	'cache-control': 'no-cache',
	'content-encoding': 'none',
	'x-accel-buffering': 'no',
});
/** Clients wait so long before they come back, and a random while more. */
const comeBackMs = 500;

export function createSse(options: SseOptions): Sse {
	const open = new Set<SseBody>();
	let closing = false;

	function transport(
		request: IncomingMessage,
		response: ServerResponse,
		operation: Pick<Operation, 'note'>,
	): SseTransport {
		let id: number | null = null;
		const delivery = newDelivery(options.deliveries, operation, 'sse');
		const streams = trackStreams(options.follow, unlimited, {
			opened(name) {
				const closed = options.onlooker.opened?.(name);
				const left = delivery.onlooker.opened(name);
				return () => {
					left();
					closed?.();
				};
			},
			passed(event, name) {
				id = name === 'contractStatus' ? event.version : null;
				delivery.onlooker.passed(event, name);
			},
		});
		const lastEventId = request.headers['last-event-id'];
		const resume = createResume(streams.follow, options.store, lastEventId?.toString());
		return { follow: resume.follow, sse: { resume, response, delivery, id: () => id } };
	}

	function begin(
		results: AsyncIterable<object>,
		{ response, id, delivery }: SseTransport['sse'],
	): SseBody {
		const body = createSseBody(results, {
			id,
			handed: delivery.handed,
			pingMs: options.pingMs,
			ended: () => open.delete(body),
		});
		open.add(body);
		// Pings count as activity, but none is written while the client takes nothing.
		response.once('pipe', () => response.socket?.setTimeout(options.deadMs));
		// Whoever has left before the first byte is sent to nobody, and would never be heard of again.
		if (response.closed) body.readable.destroy();
		else response.once('close', () => body.readable.destroy());
		if (closing) cut(body);
		return body;
	}

	return {
		transport,
		plugin: {
			onResultProcess({ request, result, resultProcessor, serverContext, setResultProcessor }) {
				const { sse } = serverContext;
				// A stream that any writer may write: it is server-sent events, there is no other.
				if (!sse || !isAsyncIterable<object>(result)) return;
				// A client that takes no such stream is answered with 406, and nothing reads the result.
				if (!resultProcessor) return void result[Symbol.asyncIterator]().return?.();
				setResultProcessor(async (_, { Response }) => {
					if (!(await sse.resume.isOver())) {
						return new Response(toBody(begin(result, sse)), { headers: headers() });
					}
					await result[Symbol.asyncIterator]().return?.();
					return request.method === 'GET'
						? new Response(null, { status: 204 })
						: new Response(sseComplete, { headers: headers() });
				}, mediaType);
			},
		},
		async close(ms) {
			closing = true;
			await spread(open, ms, cut);
		},
	};
}

function cut(body: SseBody): void {
	const retry = Math.round(comeBackMs + Math.random() * comeBackMs);
	body.say(
		`: The server stops; connect again, with Last-Event-ID to miss nothing.\nretry: ${retry}\n\n`,
	);
	body.cut();
}

/** Yoga's Response takes a Node.js stream as well, which its type does not say. */
function toBody({ readable }: SseBody): ReadableStream {
	return readable as unknown as ReadableStream;
}
