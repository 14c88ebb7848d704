import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from './behaviour.ts';
import { contractKey } from './catalogue.ts';
import type { DoorName } from './door-name.ts';
import { checkFaultMix, drawFault } from './faults.ts';
import type { Protocol, Target } from './protocol.ts';
import { createScript, type Hold, type Injection } from './script.ts';
import { send } from './send.ts';
import { spoil } from './spoil.ts';
import { createTally } from './tally.ts';
import { uniform } from './uniform.ts';

/** One emulated upstream, with handles for tests. */
export interface Door<Item> {
	/** What a client takes for the upstream's own address. */
	readonly url: string;
	/** Calls that arrived, refused ones included. */
	readonly total: number;
	/** The most calls that any window of one second has seen. */
	readonly maxPerSecond: number;
	/** When each call arrived, in milliseconds since the door opened; the last 100,000 of them. */
	readonly arrivals: readonly number[];
	/** Milliseconds since the door opened. */
	readonly age: number;
	calls(chainId: number, address: string): number;
	/**
	 * Spoils the next answers for an address, one each; after that it answers as before. Throws on a
	 * fault that this upstream does not have.
	 */
	inject(chainId: number, address: string, faults: Injection | readonly Injection[]): void;
	/** Keeps the answer to the next call for an address back until it is released. */
	hold(chainId: number, address: string): Hold;
	/** Verifies a contract that only this door has; what is not given is as in an empty contract. */
	put(chainId: number, address: string, item: Partial<Item>): void;
	/** Changes the faults or the latency from the next call on. */
	behave(change: Pick<Behaviour, 'faults' | 'latency'>): void;
}

export interface DoorParts<Call extends Target, Item> {
	name: DoorName;
	url: string;
	behaviour: Behaviour;
	protocol: Protocol<Call>;
	put: Door<Item>['put'];
	stopped: AbortSignal;
}

export interface OpenDoor<Item> {
	door: Door<Item>;
	/** Answers one request; `path` is what stands behind the door's own part of the URL. */
	serve(request: IncomingMessage, path: URL, response: ServerResponse): Promise<void>;
}

export function openDoor<Call extends Target, Item>(parts: DoorParts<Call, Item>): OpenDoor<Item> {
	const { name, protocol, stopped } = parts;
	const { seed = '', slowness = 5_000 } = parts.behaviour;
	let { faults = {}, latency } = parts.behaviour;
	checkFaultMix(faults, name);
	const script = createScript(name);
	const opened = performance.now();
	const age = () => performance.now() - opened;
	const tally = createTally(age);

	async function serve(
		request: IncomingMessage,
		path: URL,
		response: ServerResponse,
	): Promise<void> {
		const call = await protocol.read(request, path);
		const key = contractKey(call.chainId, call.address);
		tally.record(key);
		const nth = tally.calls(key);
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
		else await spoil(name, fault, { reply, request, response, target: call, slowness, stopped });
	}

	return {
		serve,
		door: {
			url: parts.url,
			get total() {
				return tally.total;
			},
			get maxPerSecond() {
				return tally.maxPerSecond;
			},
			get arrivals() {
				return tally.arrivals;
			},
			get age() {
				return age();
			},
			calls: (chainId, address) => tally.calls(contractKey(chainId, address)),
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
