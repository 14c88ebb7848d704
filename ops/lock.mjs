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
 * Takes the lock until this process ends or releases it; undefined when another process has it. `visit` is called with
 * the socket of whoever connects to it meanwhile.
 * @param {string} path
 * @param {(visitor: import('node:net').Socket) => void} [visit]
 * @returns {Promise<{ visitors: Set<import('node:net').Socket>, release(): void } | undefined>}
 */
export async function hold(path, visit = () => undefined) {
	const visitors = new Set();
	const server = createServer((visitor) => {
		visitors.add(visitor);
		visitor.on('close', () => visitors.delete(visitor)).on('error', () => undefined);
		visitor.unref();
		visit(visitor);
	}).unref();
	const held = await new Promise((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(path, () => resolve(true));
	});
	if (held) {
		const release = () => {
			server.close();
			for (const visitor of visitors) visitor.end();
		};
		return { visitors, release };
	}
	if (inKernel || (await isAnswered(path))) return undefined;
	// The file of one that was killed.
	rmSync(path, { force: true });
	return hold(path, visit);
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
