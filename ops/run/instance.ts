import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { hold, lockIn } from '../lock.mjs';

/** What a running command says about itself to a second one; no secret in it. */
export type InstanceState = {
	command: string;
	pid: number;
	ready: boolean;
	/** Label and address, in the order to print. */
	urls: Record<string, string>;
	/** Of the emulator that runs for it, for single workers started beside it. */
	emulatorUrl?: string | undefined;
};

export type Claim =
	| { mine: true; update(state: InstanceState): void; release(): void }
	| { mine: false; holder: InstanceState };

/** Claims a name in a data folder for this process, or says who has it. The claim of a process that dies is free. */
export async function claimInstance(
	folder: string,
	name: string,
	first: InstanceState,
): Promise<Claim> {
	let state = first;
	const show = (connection: Socket) => connection.write(`${JSON.stringify(state)}\n`);
	for (;;) {
		const lock = await hold(lockIn(folder, name), show);
		if (lock) {
			return {
				mine: true,
				update(next) {
					state = next;
					lock.connections.forEach(show);
				},
				release: lock.release,
			};
		}
		const holder = await peekInstance(folder, name);
		if (holder) return { mine: false, holder };
	}
}

/** The state of whoever holds the name now; with `untilReady`, once it is ready. Undefined when nobody does. */
export function peekInstance(
	folder: string,
	name: string,
	{ untilReady = false, signal }: { untilReady?: boolean; signal?: AbortSignal } = {},
): Promise<InstanceState | undefined> {
	return new Promise((resolve, reject) => {
		const socket = connect({ path: lockIn(folder, name) });
		const leave = () => socket.destroy(signal?.reason);
		signal?.addEventListener('abort', leave, { once: true });
		const lines = createInterface({ input: socket });
		lines.on('line', (line) => {
			const state: InstanceState = JSON.parse(line);
			if (untilReady && !state.ready) return;
			resolve(state);
			socket.destroy();
		});
		// Nobody there: the close that follows says so. The reader of lines repeats the error.
		for (const emitter of [socket, lines]) emitter.on('error', () => undefined);
		socket.on('close', () => {
			signal?.removeEventListener('abort', leave);
			if (signal?.aborted) reject(signal.reason);
			else resolve(undefined);
		});
	});
}
