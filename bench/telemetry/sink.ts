import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes what Tempo and Loki would be sent, and says where, on a line of its own. */
const server = createServer((request, response) => {
	request.resume().on('end', () => {
		response.writeHead(request.url?.startsWith('/loki') ? 204 : 200).end();
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
