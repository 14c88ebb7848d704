// The floor: node:http that reads the request and answers what it was given at start, with nothing behind it.
import { createServer } from 'node:http';
import { ready } from './ready.mjs';

const body = Buffer.from(process.env.ANSWER);
const headers = { 'content-type': 'application/json', 'content-length': body.length };
const server = createServer((request, response) => {
	request.setEncoding('utf8');
	let text = '';
	request.on('data', (part) => {
		text += part;
	});
	request.on('end', () => {
		JSON.parse(text);
		response.writeHead(200, headers).end(body);
	});
});
server.listen(0, '127.0.0.1', () => ready(server.address().port));
