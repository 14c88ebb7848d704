import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { contractKey } from './catalogue.ts';
import { createCounter } from './counter.ts';
import type { Exchange } from './fault-row.ts';
import { checkFaultMix, drawFault, effectOf, type FaultName } from './faults.ts';
import type { ApiName, Behaviour, Protocol, Target } from './protocol.ts';
import { type Reply, send } from './reply.ts';
import { uniform } from './uniform.ts';

/** One emulated upstream, with handles for tests. */
export interface EmulatedApi<Item> {
	/** What a client takes for the upstream's own address. */
	readonly url: string;
	/** Calls that arrived, refused ones included. */
	readonly total: number;
	/** The most calls that any window of one second has seen. */
	readonly maxPerSecond: number;
	/** When each call arrived, in milliseconds since the API opened; the last 100,000 of them. */
	readonly arrivals: readonly number[];
	/** Milliseconds since the API opened. */
	readonly age: number;
	calls(chainId: number, address: string): number;
	/**
	 * Corrupts the next answers for an address, one each; after that it answers as before. Throws on a
	 * fault that this upstream does not have.
	 */
	inject(chainId: number, address: string, faults: Injection | readonly Injection[]): void;
	/** Keeps the answer to the next call for an address back until it is released. */
	hold(chainId: number, address: string): Hold;
	/** Verifies a contract that only this API has; what is not given is as in an empty contract. */
	put(chainId: number, address: string, item: Partial<Item>): void;
	/** Changes the faults or the latency from the next call on. */
	behave(change: Pick<Behaviour, 'faults' | 'latency'>): void;
}

export interface ApiParts<Call extends Target, Item> {
	name: ApiName;
	url: string;
	behaviour: Behaviour;
	protocol: Protocol<Call>;
	put: EmulatedApi<Item>['put'];
	stopped: AbortSignal;
}

export interface RunningApi<Item> {
	api: EmulatedApi<Item>;
	/** Answers one request; `path` is what stands behind the API's own part of the URL. */
	serve(request: IncomingMessage, path: URL, response: ServerResponse): Promise<void>;
}

export function runApi<Call extends Target, Item>(parts: ApiParts<Call, Item>): RunningApi<Item> {
	const { name, protocol, stopped } = parts;
	const { seed = '', slowness = 5_000 } = parts.behaviour;
	let { faults = {}, latency } = parts.behaviour;
	checkFaultMix(faults, name);
	const script = createScript(name);
	const opened = performance.now();
	const age = () => performance.now() - opened;
	const counter = createCounter(age);

	async function serve(
		request: IncomingMessage,
		path: URL,
		response: ServerResponse,
	): Promise<void> {
		const call = await protocol.read(request, path);
		const key = contractKey(call.chainId, call.address);
		counter.record(key);
		const nth = counter.calls(key);
		const { refused, headers = {} } = protocol.admit(call);
		for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
		const wait = milliseconds(latency, uniform(`${seed} latency ${key} ${nth}`));
		const waited = delay(wait, undefined, { signal: stopped });
		if (refused) {
			await waited;
			send(response, refused);
			return;
		}
		const fault = script.nextInjection(key) ?? drawFault(faults, seed, key, nth);
		const [reply] = await Promise.all([protocol.answer(call), waited, script.pass(key)]);
		if (fault === undefined) send(response, reply);
		else await corrupt(name, fault, { reply, request, response, target: call, slowness, stopped });
	}

	return {
		serve,
		api: {
			url: parts.url,
			get total() {
				return counter.total;
			},
			get maxPerSecond() {
				return counter.maxPerSecond;
			},
			get arrivals() {
				return counter.arrivals;
			},
			get age() {
				return age();
			},
			calls: (chainId, address) => counter.calls(contractKey(chainId, address)),
			inject: (chainId, address, injected) =>
				script.inject(contractKey(chainId, address), isList(injected) ? injected : [injected]),
			hold: (chainId, address) => script.hold(contractKey(chainId, address)),
			put: parts.put,
			behave(change) {
				if ('faults' in change) {
					checkFaultMix(change.faults ?? {}, name);
					faults = change.faults ?? {};
				}
				if ('latency' in change) latency = change.latency;
			},
		},
	};
}

function milliseconds(latency: Behaviour['latency'], draw: number): number {
	if (latency === undefined) return 0;
	if (typeof latency === 'number') return latency;
	const [min, max] = latency;
	return min + draw * (max - min);
}

function isList(faults: Injection | readonly Injection[]): faults is readonly Injection[] {
	return Array.isArray(faults);
}

/** Answers a call in the way of a fault, or with an answer word for word. */
export async function corrupt(
	api: ApiName,
	fault: FaultName | Reply,
	exchange: Exchange,
): Promise<void> {
	const way = typeof fault === 'string' ? effectOf(fault, api) : fault;
	if (typeof way === 'function') await way(exchange);
	else send(exchange.response, way);
}

/** A call that is kept waiting for its answer. */
export interface Hold {
	/** Fulfilled when the call is there. */
	arrived: Promise<void>;
	/** Lets it be answered; does nothing the second time. */
	release(): void;
}

/** A known fault, or any other answer word for word. */
export type Injection = FaultName | Reply;

/** What tests have arranged for the next calls at an API, by contract, in the order in which it was arranged. */
export function createScript(api: ApiName) {
	const injections = new Map<string, Injection[]>();
	const holds = new Map<string, { arrive(): void; released: Promise<void> }[]>();

	return {
		inject(key: string, added: readonly Injection[]): void {
			for (const one of added) if (typeof one === 'string') effectOf(one, api);
			injections.set(key, [...(injections.get(key) ?? []), ...added]);
		},
		nextInjection(key: string): Injection | undefined {
			return injections.get(key)?.shift();
		},
		hold(key: string): Hold {
			const arrived = Promise.withResolvers<void>();
			const released = Promise.withResolvers<void>();
			const hold = { arrive: arrived.resolve, released: released.promise };
			holds.set(key, [...(holds.get(key) ?? []), hold]);
			return { arrived: arrived.promise, release: released.resolve };
		},
		/** Comes back when no hold keeps this call, or the one that did is released. */
		async pass(key: string): Promise<void> {
			const hold = holds.get(key)?.shift();
			hold?.arrive();
			await hold?.released;
		},
	};
}
