import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Choices } from './choices.ts';
import { inTime, judge } from './judge.ts';
import type { Known } from './values.ts';

/** What somebody sends to a port who may not even speak HTTP, as Latin-1 text. */
export interface Sent {
	port: 'public' | 'server metrics' | 'worker metrics';
	bytes: string;
	/** Hangs up at once, or reads what comes until the server closes. */
	leaves: boolean;
}

const methods = ['GET', 'GET', 'POST', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'get', 'CONNECT', 'TRACE'];
const paths = [
	'/graphql',
	'/livez',
	'/readyz',
	'/',
	'/metrics',
	'/api',
	'/v2/api',
	'*',
	'/contracts',
];
const types = [
	'application/json',
	'application/graphql',
	'text/plain',
	'application/json; charset=x',
];
const forms = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''];
const upgrade =
	'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

export function makeBytes(known: Known, choices: Choices): Sent {
	const port = choices.pick([
		'public',
		'public',
		'public',
		'server metrics',
		'worker metrics',
	] as const);
	const leaves = choices.oneIn(5);
	const bytes = choices.oneIn(6) ? choices.oddText() : makeHttp(known, choices);
	const cut = choices.oneIn(8) ? choices.whole(bytes.length + 1) : bytes.length;
	return { port, bytes: bytes.slice(0, cut), leaves };
}

function makeHttp(known: Known, choices: Choices): string {
	const body = makeBody(choices);
	const lines = [
		`${choices.pick(methods)} ${makePath(known, choices)} HTTP/1.${choices.pick([1, 1, 0, 9])}`,
	];
	if (!choices.oneIn(20))
		lines.push(`Host: ${choices.oneIn(20) ? choices.oddText() : '127.0.0.1'}`);
	if (!choices.oneIn(8)) lines.push(`Content-Type: ${choices.pick([...types, ...forms])}`);
	if (choices.oneIn(8))
		lines.push(`Accept: ${choices.pick(['text/html', '*/*', 'image/png', 'x'])}`);
	if (choices.oneIn(10)) lines.push(upgrade, 'Sec-WebSocket-Protocol: graphql-transport-ws');
	if (choices.oneIn(10))
		lines.push(`${choices.pick(['Range', 'Expect', 'Cookie', 'X'])}: ${choices.oddText()}`);
	if (choices.oneIn(12)) lines.push('Transfer-Encoding: chunked');
	else if (!choices.oneIn(12))
		lines.push(`Content-Length: ${body.length + (choices.oneIn(12) ? 3 : 0)}`);
	return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function makePath(known: Known, choices: Choices): string {
	if (choices.oneIn(12)) return choices.oddText();
	const path = choices.pick(paths);
	const odd = () => (choices.oneIn(2) ? encode(choices.oddText()) : choices.oddText());
	if (path === '/contracts') {
		const end = choices.pick(['source.zip', 'source.json', 'abi.json', 'source', odd()]);
		return `/contracts/${choices.pick(['1', odd()])}/${choices.pick([...known.addresses, odd()])}/${end}`;
	}
	if (!choices.oneIn(2)) return path;
	const names = ['query', 'variables', 'module', 'action', 'address', 'chainid', 'guid', odd()];
	const given = Array.from({ length: 1 + choices.whole(4) }, () => {
		const value = choices.pick([odd(), 'contract', 'getsourcecode', 'getabi', '1', '{__typename}']);
		return `${choices.pick(names)}=${value}`;
	});
	return `${path}?${given.join('&')}`;
}

function makeBody(choices: Choices): string {
	switch (choices.whole(6)) {
		case 0:
			return '{"query":"{ __typename }"}';
		case 1:
			return choices.oddText();
		case 2:
			return Buffer.from(JSON.stringify(choices.odd()) ?? '').toString('latin1');
		case 3:
			return JSON.stringify({
				query: choices.odd(),
				variables: choices.odd(),
				extensions: choices.odd(),
			});
		case 4:
			return JSON.stringify([{ query: '{ __typename }' }, choices.odd()]);
		default:
			return `query=${encode(choices.oddText())}&${choices.oddText()}`;
	}
}

/** Half of a surrogate pair has no encoding. */
function encode(value: string): string {
	return encodeURIComponent(value.toWellFormed());
}

/** Resolves when the server has closed, with what it answered looked at, and returned in short. */
export async function sendBytes(port: number, { bytes, leaves }: Sent): Promise<string> {
	const socket = connect({ port, host: '127.0.0.1' });
	if (leaves) {
		const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => {}));
		socket.write(Buffer.from(bytes, 'latin1'), () => socket.destroy());
		await inTime(closed, bytes);
		return 'bytes: left';
	}
	socket.end(Buffer.from(bytes, 'latin1'));
	// It may be reset while something is still being sent.
	const answer = await inTime(
		text(socket).catch(() => ''),
		bytes,
	);
	const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
	// GraphiQL's own code has every word in it.
	const isPage = status === '200' && /^content-type: text\/html/im.test(answer);
	judge({ status: Number(status ?? 200), text: isPage ? '' : answer });
	return `bytes: ${status ?? 'closed'}`;
}
