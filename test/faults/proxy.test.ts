import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startProxy, type TcpProxy } from './proxy.ts';

let proxy: TcpProxy;
let stack: AsyncDisposableStack;
/** The far ends of connections, in the order in which they came. */
let fars: Socket[];

beforeEach(async () => {
	stack = new AsyncDisposableStack();
	fars = [];
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		fars.push(socket);
		socket.on('error', () => {});
		// Gives back what it is given.
		socket.on('data', (bytes) => socket.write(bytes));
		socket.on('end', () => socket.end());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	stack.defer(() => void server.close());
	proxy = await startProxy(() => (server.address() as AddressInfo).port);
	stack.defer(() => proxy.close());
});
afterEach(() => stack.disposeAsync());

async function open(): Promise<Socket> {
	const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
	stack.defer(() => void socket.destroy());
	await once(socket, 'connect');
	return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
	socket.write(text);
	const [bytes] = await once(socket, 'data');
	return String(bytes);
}

test('an open network carries both ways, and the end of each', async () => {
	const socket = await open();
	expect(await echo(socket, 'one')).toBe('one');
	socket.end();
	await once(socket, 'end');
	expect(proxy.total).toBe(1);
	while (proxy.open > 0) await sleep(20);
});

test('a slow network keeps the order', async () => {
	const socket = await open();
	await proxy.set({ kind: 'delay', ms: 30 });
	let got = '';
	socket.on('data', (bytes) => {
		got += bytes;
	});
	for (const text of ['a', 'b', 'c']) socket.write(text);
	await proxy.set({ kind: 'open' });
	socket.write('d');
	while (got.length < 4) await once(socket, 'data');
	expect(got).toBe('abcd');
});

test('a cut network resets what is open and refuses what is new, until it is repaired', async () => {
	const socket = await open();
	expect(await echo(socket, 'one')).toBe('one');
	const ended = once(socket, 'error');
	await proxy.set({ kind: 'cut' });
	expect((await ended)[0]).toMatchObject({ code: 'ECONNRESET' });
	await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	await proxy.set({ kind: 'open' });
	expect(await echo(await open(), 'two')).toBe('two');
});

test('a half-closed connection is ended for its near side, which is still heard', async () => {
	const socket = await open();
	expect(await echo(socket, 'one')).toBe('one');
	const ended = once(socket, 'end');
	await proxy.set({ kind: 'half-close' });
	await ended;
	socket.write('two');
	const [far] = fars;
	expect(String((await once(far as Socket, 'data'))[0])).toBe('two');
});

test('a black hole takes connections and says nothing; repaired, it carries on where it was', async () => {
	const socket = await open();
	expect(await echo(socket, 'one')).toBe('one');
	await proxy.set({ kind: 'black-hole' });
	const late = await open();
	const answers = [echo(socket, 'two'), echo(late, 'three')];
	// A round trip that does pass, past the proxy.
	expect(fars).toHaveLength(1);
	await proxy.set({ kind: 'open' });
	expect(await Promise.all(answers)).toEqual(['two', 'three']);
});

describe('a trap', () => {
	const sees = (sent: Buffer) => sent.includes('step');

	test('lets through what it does not wait for', async () => {
		proxy.trap({ sees, when: 'sent', spring: () => ({ kind: 'cut' }) });
		expect(await echo(await open(), 'one')).toBe('one');
	});

	test('cuts the connection before what was sent arrives', async () => {
		proxy.trap({ sees, when: 'sent', spring: () => ({ kind: 'cut' }) });
		const socket = await open();
		expect(await echo(socket, 'one')).toBe('one');
		const [far] = fars;
		const got: string[] = [];
		far?.on('data', (bytes) => got.push(String(bytes)));
		const ended = once(socket, 'error');
		// It is reset as well, which `once` would take for a failure.
		const gone = new Promise((resolve) => far?.on('close', resolve));
		socket.write('the step');
		expect((await ended)[0]).toMatchObject({ code: 'ECONNRESET' });
		await gone;
		expect(got).toEqual([]);
	});

	test('cuts it after that arrived, in another form, and before its answer does', async () => {
		proxy.trap({
			...{ sees, when: 'answered', spring: () => ({ kind: 'cut' }) },
			instead: (sent) => Buffer.from(String(sent).toUpperCase()),
		});
		const socket = await open();
		expect(await echo(socket, 'one')).toBe('one');
		const [far] = fars;
		const arrived = once(far as Socket, 'data');
		const ended = once(socket, 'error');
		socket.write('the step');
		expect(String((await arrived)[0])).toBe('THE STEP');
		expect((await ended)[0]).toMatchObject({ code: 'ECONNRESET' });
	});

	test('keeps an answer back, and the order of all that follows', async () => {
		proxy.trap({ sees, when: 'answered', spring: () => ({ kind: 'late', ms: 30 }) });
		const socket = await open();
		let got = '';
		socket.on('data', (bytes) => {
			got += bytes;
		});
		socket.write('step');
		socket.write('two');
		while (got.length < 7) await once(socket, 'data');
		expect(got).toBe('steptwo');
	});
});
