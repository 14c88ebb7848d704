import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { systemTest } from './harness/fixture.ts';

const test = systemTest({ server: { ALLOWED_HOSTS: '*' } });
const body = JSON.stringify({ query: '{ __typename }' });

/** Headers, a line each, and the body. */
type Sent = [what: string, status: number, headers: string[], body: string | Buffer];

const table: Sent[] = [
	['one host', 200, ['Host: a.example'], body],
	['a host with a port', 200, ['Host: a.example:8080'], body],
	['a host that is none', 400, ['Host: a b'], body],
	['two hosts', 400, ['Host: a.example', 'host: b.example'], body],
	['the same host twice', 400, ['Host: a.example', 'Host: a.example'], body],
	['no compression, by name', 200, ['Host: a', 'Content-Encoding: identity'], body],
	['a compressed body', 415, ['Host: a', 'Content-Encoding: gzip'], gzipSync(body)],
	['a body compressed in an unknown way', 415, ['Host: a', 'Content-Encoding: x'], body],
];

test.for(table)('%s: %i, with what to do', async ([_, status, headers, sent], { server }) => {
	const { hostname, port } = new URL(server.url);
	const socket = connect(Number(port), hostname);
	await once(socket, 'connect');
	const length = `Content-Length: ${Buffer.byteLength(sent)}`;
	const lines = ['POST /graphql HTTP/1.1', ...headers, 'Content-Type: application/json', length];
	socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
	socket.write(sent);
	const answer = await text(socket);
	expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
	const { errors } = JSON.parse(answer.slice(answer.indexOf('{"')).replace(/\r\n0\r\n\r\n$/, ''));
	expect(errors?.[0]?.message ?? 'none').toMatch(status === 200 ? 'none' : /has to|send it/);
});
