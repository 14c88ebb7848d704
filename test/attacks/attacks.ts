import { Agent, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { openRaw, subscribe } from '../harness/raw-socket.ts';

/** What is attacked. */
export interface Target {
	url: string;
	/** A contract with 700 KB of source. */
	large: string;
	/** Ends what is still waited for. */
	signal: AbortSignal;
}

/** What one machine does that wants the server to be of no use to others. Resolves when it has nothing more to send. */
type Attack = (target: Target) => Promise<unknown>;

/** The attacker's machine. */
export const localAddress = '127.0.0.2';
const agent = new Agent({ keepAlive: true, maxSockets: 200 });

const contents = (count: number) =>
	Array.from({ length: count }, (_, n) => `c${n}: content`).join(' ');
const nested = `query ($n: Int) { contracts(first: $n, status: SUCCESS) { edges { node { history { contract { source { files { ${contents(45)} } } } } } } } }`;
const schema = `{ ${Array.from({ length: 49 }, (_, n) => `s${n}: __schema { types { name description fields { name description type { name } } } }`).join(' ')} }`;
const list = '{ contracts(first: 1) { edges { node { version } } } }';

const times = (count: number, work: (n: number) => Promise<unknown>) =>
	Promise.all(Array.from({ length: count }, (_, n) => work(n)));

export const attacks: Record<string, Attack> = {
	'a query of 650 bytes that multiplies sources, 20 times': (target) =>
		times(20, () => post(target, { query: nested, variables: { n: 100 } })),
	'one source under 45 names, 50 times': (target) =>
		times(50, () => post(target, { query: ofLarge(target, `files { ${contents(45)} }`) })),
	'the same, over 50 connections that take nothing': (target) =>
		times(50, () => neverRead(target, ofLarge(target, `files { ${contents(45)} }`))),
	'49 x __schema, 500 times': (target) => times(500, () => post(target, { query: schema })),
	'70,000 queries over four WebSockets that are dropped': (target) =>
		times(4, async () => {
			const raw = await openRaw(target.url, { localAddress });
			const burst = Array.from({ length: 17_500 }, (_, n) => subscribe(String(n), list));
			await raw.say(...burst).catch(() => {});
			raw.socket.terminate();
		}),
	'an archive of 700 KB of source, 500 times': (target) =>
		times(500, () => get(target, `/contracts/1/${target.large}/source.zip`)),
	'forms of 256 KB, 500 times': (target) =>
		times(500, () =>
			send(target, '/graphql', {
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
				body: 'a&'.repeat(131_000),
			}),
		),
	'GraphiQL, 2,000 times': (target) =>
		times(2_000, () => get(target, '/graphql', { accept: 'text/html' })),
	'upgrades to nowhere, 2,000 connections': (target) =>
		times(2_000, () =>
			raw(
				target,
				'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
			),
		),
	'2,000 connections that say half a request': (target) =>
		times(2_000, () => raw(target, 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Le')),
	'20,000 statuses asked for': (target) => times(20_000, () => post(target, { query: list })),
};

function ofLarge({ large }: Target, fields: string): string {
	return `{ contract(address: "${large}") { source { ${fields} } } }`;
}

interface Sent {
	headers?: Record<string, string>;
	body?: string;
}

/** Its answer is taken and thrown away; whatever becomes of it, the attacker does not mind. */
function send({ url, signal }: Target, path: string, { headers = {}, body }: Sent): Promise<void> {
	const options: RequestOptions = {
		...{ agent, localAddress, signal, headers },
		method: body === undefined ? 'GET' : 'POST',
	};
	return new Promise((resolve) => {
		const sent = request(new URL(path, url), options, (response) => {
			response.resume().once('close', resolve);
		});
		sent.once('error', () => resolve());
		sent.once('close', () => resolve());
		sent.end(body);
	});
}

const post = (target: Target, operation: object) =>
	send(target, '/graphql', {
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(operation),
	});

const get = (target: Target, path: string, headers: Record<string, string> = {}) =>
	send(target, path, { headers });

function neverRead(target: Target, query: string): Promise<void> {
	const body = JSON.stringify({ query });
	const head = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
	return raw(target, head + body);
}

/** A connection that says so much, takes nothing and stays until the signal, or until the server has enough of it. */
function raw({ url, signal }: Target, text: string): Promise<void> {
	const { hostname: host, port } = new URL(url);
	const socket = connect({ host, port: Number(port), localAddress });
	return new Promise((resolve) => {
		const end = () => {
			socket.destroy();
			resolve();
		};
		signal.addEventListener('abort', end, { once: true });
		socket.once('error', end);
		socket.once('close', end);
		socket.once('connect', () => {
			socket.pause();
			socket.write(text);
		});
	});
}
