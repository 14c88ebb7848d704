import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { hold } from '../lock.mjs';
import { SetupError } from './setup-error.ts';

/** Of this process: each with who uses it, or null while that is open. */
const claimed = new Map<number, string | null>();

/**
 * A loopback port for this process, below the range that outgoing connections are given theirs from. Nobody listens
 * there, and no other process of ours is given it while this one lives. With `count`, the first of so many in a row.
 */
export async function freePort(count = 1): Promise<number> {
	for (;;) {
		const first = randomInt(15_000, 32_000);
		let free = 0;
		while (free < count && (await claimPort(first + free, null))) free += 1;
		if (free === count) return first;
	}
}

/**
 * Keeps a loopback port for this process until it ends. False when somebody listens there, when another process
 * of ours has it, or when it is another owner's here; null asks for one that has no owner yet.
 */
export async function claimPort(port: number, owner: string | null): Promise<boolean> {
	const known = claimed.get(port);
	const mine = known !== undefined && owner !== null && (known === null || known === owner);
	if (known !== undefined && !mine) return false;
	claimed.set(port, owner);
	const free = (await isFree(port, '127.0.0.1')) && (mine || (await reserve(port)));
	if (!free && !mine) claimed.delete(port);
	return free;
}

/** Between choosing a port and listening on it there are seconds, in which another process must not choose it too. */
async function reserve(port: number): Promise<boolean> {
	return process.platform !== 'linux' || (await hold(`\0verifeed-port-${port}`)) !== undefined;
}

type Wanted = {
	/** So many in a row. */
	count?: number;
	/** Nobody listens there yet, but somebody will. */
	besides?: readonly number[];
};

/** The first port from there on that nobody listens on; it is not kept. */
export async function nextFreePort(
	from: number,
	{ count = 1, besides = [] }: Wanted = {},
): Promise<number> {
	let free = 0;
	for (let port = from; port < 65_536; port++) {
		free = !besides.includes(port) && (await isFree(port)) ? free + 1 : 0;
		if (free === count) return port - count + 1;
	}
	throw new SetupError(`no free port from ${from} on`);
}

/** Whether a server could listen there now; without a host, on all addresses. */
export function isFree(port: number, host?: string): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once('error', () => resolve(false));
		probe.listen({ port, ...(host && { host }), exclusive: true }, () => {
			probe.close(() => resolve(true));
		});
	});
}

/** Whether somebody listens on the loopback port now. */
export function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
