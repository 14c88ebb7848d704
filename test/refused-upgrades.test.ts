import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { systemTest } from './harness/fixture.ts';

const mostConnections = 5;
const test = systemTest({ server: { MAX_CONNECTIONS: `${mostConnections}` } });

/** One that stays open on its client's side. */
async function open(url: string): Promise<Socket> {
	const { hostname, port } = new URL(url);
	const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
	onTestFinished(() => void socket.destroy());
	await once(socket, 'connect');
	return socket;
}

test('WebSockets that were refused keep no connection, whatever their clients do', async ({
	server,
}) => {
	for (let n = 0; n < 3 * mostConnections; n += 1) {
		const socket = await open(server.url);
		socket.write(
			'GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
		);
		expect(await text(socket)).toMatch(/^HTTP\/1.1 404 /);
	}
});
