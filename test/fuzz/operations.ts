import { isDeepStrictEqual } from 'node:util';
import type { Request } from './document.ts';
import { inTime, judge } from './judge.ts';
import type { Socket } from './socket.ts';

/** The second time an operation is known, the twentieth it is compiled: each is a lane of its own. */
const timesUntilCompiled = 22;
const longestCompiled = 2_000;

/** Sends an operation over HTTP again and again, so that it meets every lane: each has to refuse alike. Returns what came of it. */
export async function overHttp(url: string, request: Request, often: boolean): Promise<string> {
	const compiled = often && request.query.length < longestCompiled;
	const times = compiled ? timesUntilCompiled : 3;
	const first = await post(url, request);
	const { status, errors } = errorsOf(first);
	const outcome = errors.length > 0 ? `${status} ${errors[0]?.code}` : `${status}`;
	for (let time = 1; time < times; time += 1) {
		const again = await post(url, request);
		if (request.kind !== 'query' || agree(errorsOf(first), errorsOf(again))) continue;
		// A contract may have changed in between: what differs by its lane differs always.
		const now = await post(url, { ...request, query: `${request.query} #${Math.random()}` });
		if (agree(errorsOf(now), errorsOf(again))) continue;
		const [one, other] = [errorsOf(now), errorsOf(again)].map((errors) => JSON.stringify(errors));
		throw new Error(`refused in another way when it is sent again: ${one} and ${other}`);
	}
	return outcome;
}

interface Posted {
	status: number;
	text: string;
}

async function post(url: string, { query, variables }: Request): Promise<Posted> {
	const asked = fetch(`${url}/graphql`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', accept: 'application/json' },
		body: JSON.stringify({ query, variables }),
	});
	const response = await inTime(asked, query);
	const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
	if (isStream) await response.body?.cancel();
	const text = isStream ? '' : await inTime(response.text(), query);
	judge({ status: response.status, text });
	return { status: response.status, text };
}

interface Refusal {
	message: string;
	path?: unknown;
	extensions?: { code?: string };
}

function errorsOf({ status, text }: Posted) {
	const { errors = [] } = JSON.parse(text || '{}') as { errors?: Refusal[] };
	const facts = errors.map(({ message, path, extensions }) => ({
		message,
		path,
		code: extensions?.code,
	}));
	return { status, errors: facts };
}

/** Where an error made null of what others stand in, theirs may be told as well or not: executors differ in that. */
function agree(one: ReturnType<typeof errorsOf>, other: ReturnType<typeof errorsOf>): boolean {
	const [fewer, more] = one.errors.length < other.errors.length ? [one, other] : [other, one];
	const isTold = (error: unknown) => more.errors.some((told) => isDeepStrictEqual(told, error));
	const isNone = fewer.errors.length === 0;
	return (
		one.status === other.status && (isNone ? more.errors.length === 0 : fewer.errors.every(isTold))
	);
}

/** Sends it over a WebSocket; a subscription is left as soon as the server has read it. */
export async function overWebSocket(socket: Socket, { kind, ...payload }: Request): Promise<void> {
	const id = socket.send('subscribe', payload);
	const ended = kind === 'subscription' ? socket.ping() : socket.ended(id);
	await inTime(ended, payload.query);
	if (kind !== 'subscription') return;
	socket.complete(id);
	await inTime(socket.ping(), payload.query);
}
