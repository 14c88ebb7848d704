import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes what Tempo and Loki would be sent, or does not, and says where, on a line of its own. */
const mode = process.env['SINK_MODE'];
const server = createServer((request, response) => {
	request.resume().on('end', () => {
		if (mode === 'hang') return;
		const taken = request.url?.startsWith('/loki') ? 204 : 200;
		response.writeHead(mode === '429' ? 429 : taken).end();
	});
});
server.listen(0, '127.0.0.1', () => {
	// A server that listens on a port has an address of this kind.
	const { port } = server.address() as AddressInfo;
	console.log(JSON.stringify({ level: 'info', message: 'taking', port }));
});
process.once('SIGTERM', () => {
	server.closeAllConnections();
	server.close();
});
