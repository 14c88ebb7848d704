import { connect, type Socket } from 'node:net';
import { createFlow, type FlowMode } from './flow.ts';
import { type Carried, createTrapped, type Trap } from './trap.ts';

/** What a network does with the connections that go over it. */
export type LinkState =
	| { kind: 'open' }
	| { kind: 'delay'; ms: number }
	/** All connections are reset, new ones refused. */
	| { kind: 'cut' }
	/** The far side has ended its half: the near one sees that, and may go on sending. */
	| { kind: 'half-close' }
	/** New connections are accepted, and nothing is carried any more, without a word. */
	| { kind: 'black-hole' };

/** One connection that was accepted, and the one made for it. */
export interface Relay {
	set(state: LinkState): void;
	reset(): void;
}

export function createRelay(
	near: Socket,
	target: () => number,
	first: LinkState,
	trapOf: () => Trap | null,
): Relay {
	const trapped = createTrapped(trapOf);
	let state = first;
	let far: Socket | null = null;
	let flows: { out: ReturnType<typeof createFlow>; back: ReturnType<typeof createFlow> } | null;
	flows = null;

	function reset(): void {
		flows?.out.end();
		flows?.back.end();
		for (const socket of [near, far]) {
			if (socket && !socket.destroyed) socket.resetAndDestroy();
		}
	}

	/** Cuts the connection where nothing is carried on. */
	function looking(look: (bytes: Buffer) => Carried): (bytes: Buffer) => Carried {
		return (bytes) => {
			const carried = look(bytes);
			if (!carried) reset();
			return carried;
		};
	}

	function dial(): void {
		const socket = connect({ port: target(), host: '127.0.0.1', allowHalfOpen: true });
		far = socket;
		socket.on('error', reset);
		socket.on('close', () => near.destroy());
		socket.setNoDelay(true);
		const { out, back } = modesOf(state);
		flows = {
			out: createFlow(near, socket, out, looking(trapped.sent)),
			back: createFlow(socket, near, back, looking(trapped.answered)),
		};
		if (state.kind === 'half-close') near.end();
	}

	near.setNoDelay(true);
	near.on('error', reset);
	near.on('close', () => far?.destroySoon());
	// In a black hole the near side has its connection, and nobody is there.
	if (state.kind === 'black-hole') near.pause();
	else dial();

	return {
		set(next) {
			state = next;
			if (next.kind === 'cut') return reset();
			if (near.destroyed) return;
			if (!flows) {
				if (next.kind !== 'black-hole') dial();
				return;
			}
			const { out, back } = modesOf(next);
			flows.out.set(out);
			flows.back.set(back);
			if (next.kind === 'half-close') near.end();
		},
		reset,
	};
}

function modesOf(state: LinkState): { out: FlowMode; back: FlowMode } {
	const pass: FlowMode = { kind: 'pass', lateMs: state.kind === 'delay' ? state.ms : 0 };
	switch (state.kind) {
		case 'open':
		case 'delay':
			return { out: pass, back: pass };
		case 'half-close':
			return { out: pass, back: { kind: 'drop' } };
		case 'black-hole':
		case 'cut':
			return { out: { kind: 'hold' }, back: { kind: 'hold' } };
		default:
			return state satisfies never;
	}
}
