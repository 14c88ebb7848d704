// The one lock of this product. Plain JavaScript: what runs before there are packages uses it too.
import { rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, relative } from 'node:path';

const inKernel = process.platform === 'linux';

/**
 * The lock of that name in a folder, as a path for `hold`. On Linux it is no file (it starts with NUL): the kernel frees
 * it with the process that holds it, whatever ends that, so none goes stale.
 * @param {string} folder
 * @param {string} name
 * @returns {string}
 */
export function lockIn(folder, name) {
	if (!inKernel) return relative('.', join(folder, `${name}.sock`));
	const { dev, ino } = statSync(folder);
	return `\0verifeed-${name}-${dev}-${ino}`;
}

/**
 * Takes the lock until this process ends or releases it; undefined when another process has it. `onConnection` is called
 * with the socket of whoever connects to it meanwhile.
 * @param {string} path
 * @param {(connection: import('node:net').Socket) => void} [onConnection]
 * @returns {Promise<{ connections: Set<import('node:net').Socket>, release(): void } | undefined>}
 */
export async function hold(path, onConnection = () => undefined) {
	const connections = new Set();
	const server = createServer((connection) => {
		connections.add(connection);
		connection.on('close', () => connections.delete(connection)).on('error', () => undefined);
		connection.unref();
		onConnection(connection);
	}).unref();
	const held = await new Promise((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(path, () => resolve(true));
	});
	if (held) {
		const release = () => {
			server.close();
			for (const connection of connections) connection.end();
		};
		return { connections, release };
	}
	if (inKernel || (await isAnswered(path))) return undefined;
	// The file of one that was killed.
	rmSync(path, { force: true });
	return hold(path, onConnection);
}

/**
 * Resolves when whoever holds the lock has let go of it.
 * @param {string} path
 * @returns {Promise<void>}
 */
export function released(path) {
	return new Promise((resolve) => {
		connect(path)
			.on('error', () => undefined)
			.on('close', () => resolve())
			.resume();
	});
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
function isAnswered(path) {
	return new Promise((resolve) => {
		const socket = connect(path, () => socket.destroy());
		socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
	});
}
