import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import type { AnswerTurns, BoundAnswer } from './answer-size.ts';
import type { createDocuments } from './documents.ts';
import type { Exchange } from './http-answer.ts';
import type { Operation } from './operation.ts';

/** What most clients send: a POST of JSON, whole, that asks for JSON. Everything else is Yoga's. */
export interface PlainPosts {
	documents: ReturnType<typeof createDocuments>;
	bound: BoundAnswer;
	maxBodyBytes: number;
}

/**
 * Answers an operation that is known, as Yoga would and for a fraction of its cost. `yoga`: left to Yoga, which finds
 * the body where it was. A result with errors, already executed, is left to it as well: how errors are shown
 * depends on much.
 */
export async function answerPlainPost(
	{ documents, bound, maxBodyBytes }: PlainPosts,
	{ request, response }: Exchange,
	operation: Operation,
	createContext: () => AnswerTurns,
): Promise<'answered' | 'yoga' | ExecutionResult> {
	const length = lengthOf(request);
	const accepted = acceptedBy(request.headers.accept);
	if (length === 0 || length > maxBodyBytes || !accepted || !isPlain(request)) return 'yoga';
	const body = await readBody(request);
	// The client has left.
	if (!body) return 'answered';
	const asked = readAsked(body);
	const known = asked && documents.find(asked.query, asked.operationName ?? null);
	if (!known || !operation.begin(known.document, asked.operationName)) {
		restoreBody(request, body);
		return 'yoga';
	}
	const context = createContext();
	const made = await operation.trace.run(() => known.run(context, asked.variables));
	const bounded = bound(made, () => context.takeTurn());
	const result = bounded instanceof Promise ? await bounded : bounded;
	// While it waited for its turn.
	if (response.destroyed) return 'answered';
	if (result.errors) {
		restoreBody(request, body);
		return 'data' in result ? result : 'yoga';
	}
	const text = JSON.stringify(result);
	const bytes = Buffer.byteLength(text);
	response.setHeader('content-type', accepted).setHeader('content-length', bytes);
	// Node writes head and body at once, and ASCII faster than what might be more.
	response.end(text, bytes === text.length ? 'latin1' : 'utf8');
	return 'answered';
}

/** Of the body; 0 where it is not said, or more than one body could be meant. */
function lengthOf({ headers }: IncomingMessage): number {
	const { 'content-length': length = '', 'transfer-encoding': coding } = headers;
	return coding === undefined && /^\d{1,9}$/.test(length) ? Number(length) : 0;
}

const json = /^application\/json(?:; ?charset=utf-8)?$/i;

function isPlain({ method, url, headers }: IncomingMessage): boolean {
	return (
		method === 'POST' &&
		url === '/graphql' &&
		json.test(headers['content-type'] ?? '') &&
		headers['content-encoding'] === undefined
	);
}

const offered = ['application/json', 'application/graphql-response+json'] as const;
const accepts = new Map<string, string | null>();
const mostAccepts = 100;

/** The content type of the answer; null where Yoga is to refuse. Clients send few different lists. */
function acceptedBy(accept = '*/*'): string | null {
	const before = accepts.get(accept);
	if (before !== undefined) return before;
	const type = firstOffered(accept);
	if (accepts.size < mostAccepts) accepts.set(accept, type);
	return type;
}

/** The first of the list that is offered, whatever its weight, as Yoga reads it. */
function firstOffered(accept: string): string | null {
	for (const part of accept.replace(/\s/g, '').toLowerCase().split(',')) {
		const [range = '', ...parameters] = part.split(';');
		const charset = parameters.find((parameter) => parameter.includes('charset='));
		if (charset !== undefined && charset !== 'charset=utf-8') continue;
		const [type, subtype] = range.split('/');
		if (type !== 'application' && type !== '*') continue;
		const found = offered.find((one) => subtype === '*' || one === `application/${subtype}`);
		if (found) return `${found}; charset=utf-8`;
	}
	return null;
}

function readBody(request: IncomingMessage): Promise<Buffer | null> {
	const { promise, resolve } = Promise.withResolvers<Buffer | null>();
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	// Each comes once; `once` makes a function more.
	request.on('end', () =>
		resolve(chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks)),
	);
	request.on('close', () => resolve(null));
	return promise;
}

/** Where Yoga looks for a body that was read already. */
function restoreBody(request: IncomingMessage, body: Buffer): void {
	Object.assign(request, { body: Readable.from([body]) });
}

interface Asked {
	query: string;
	variables?: Readonly<Record<string, unknown>> | null;
	operationName?: string | null;
}

/** Null for what is not a request in its plain form. */
function readAsked(body: Buffer): Asked | null {
	let asked: unknown;
	try {
		asked = JSON.parse(body.toString());
	} catch {
		return null;
	}
	return isAsked(asked) ? asked : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const names = new Set(['query', 'variables', 'operationName']);

function isAsked(value: unknown): value is Asked {
	if (!isObject(value)) return false;
	// A copy of what else there may be would cost more than all other checks.
	for (const name in value) if (!names.has(name)) return false;
	const { query, variables = null, operationName = null } = value;
	return (
		typeof query === 'string' &&
		(variables === null || isObject(variables)) &&
		(operationName === null || typeof operationName === 'string')
	);
}
