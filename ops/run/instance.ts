import { statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';

/** What a running command tells a second one about itself; no secret in it. */
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

/**
 * Claims a name in a data folder for this process, or tells who has it. The kernel frees the claim of a process
 * that dies, so none goes stale.
 */
export async function claimInstance(
	folder: string,
	name: string,
	state: InstanceState,
): Promise<Claim> {
	const path = socketPath(folder, name);
	for (;;) {
		const server = await listen(path, state);
		if (server) return server;
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
		const socket = connect({ path: socketPath(folder, name) });
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

/** Every visitor is told the state, and again when it changes. */
function listen(path: string, first: InstanceState): Promise<(Claim & { mine: true }) | undefined> {
	let state = first;
	const told = new Set<(line: string) => void>();
	const server: Server = createServer((socket) => {
		const tell = (line: string) => socket.write(line);
		told.add(tell);
		socket.on('close', () => told.delete(tell)).on('error', () => undefined);
		socket.unref();
		tell(`${JSON.stringify(state)}\n`);
	});
	server.unref();
	return new Promise((resolve) => {
		server.once('error', () => resolve(undefined));
		server.listen(path, () => {
			resolve({
				mine: true,
				update(next) {
					state = next;
					for (const tell of told) tell(`${JSON.stringify(state)}\n`);
				},
				release: () => server.close(),
			});
		});
	});
}

/** On Linux a name that is no file (it starts with NUL), so there is nothing to remove and no length to mind. */
function socketPath(folder: string, name: string): string {
	if (process.platform !== 'linux') return relative('.', join(folder, `${name}.sock`));
	const { dev, ino } = statSync(folder);
	return `\0verifeed-${name}-${dev}-${ino}`;
}
