import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { freePort } from '../../ops/services/ports.ts';
import { createRelay, type LinkState, type Relay } from './relay.ts';
import type { Trap } from './trap.ts';

/** A TCP port in front of another one of this machine, between which the network can be broken. */
export interface TcpProxy {
	readonly port: number;
	readonly state: LinkState;
	/** Connections that go over it now. */
	readonly open: number;
	/** Connections so far. */
	readonly total: number;
	/** Resolves when the port refuses, or takes connections again. */
	set(state: LinkState): Promise<void>;
	/** Sets a trap on all its connections, or takes it away. */
	trap(next: Trap | null): void;
	/** Resets what goes over it, as a firewall that was started anew. */
	reset(): void;
	close(): Promise<void>;
}

/** `target` is asked for each connection, so that what stands behind may move. */
export async function startProxy(target: () => number): Promise<TcpProxy> {
	const relays = new Set<Relay>();
	let state: LinkState = { kind: 'open' };
	let trap: Trap | null = null;
	let total = 0;
	let server = await listen(await freePort());
	const { port } = server.address() as AddressInfo;

	async function listen(at: number): Promise<Server> {
		const listening = createServer({ allowHalfOpen: true }, (near) => {
			total += 1;
			const relay = createRelay(near, target, state, () => trap);
			relays.add(relay);
			near.on('close', () => relays.delete(relay));
		});
		listening.listen(at, '127.0.0.1');
		await once(listening, 'listening');
		return listening;
	}

	function reset(): void {
		for (const relay of relays) relay.reset();
	}

	return {
		port,
		get state() {
			return state;
		},
		get open() {
			return relays.size;
		},
		get total() {
			return total;
		},
		async set(next) {
			state = next;
			if (next.kind === 'cut') server.close();
			for (const relay of relays) relay.set(next);
			if (next.kind !== 'cut' && !server.listening) server = await listen(port);
		},
		trap(next) {
			trap = next;
		},
		reset,
		async close() {
			server.close();
			reset();
		},
	};
}
