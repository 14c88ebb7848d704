import type { TypedDocumentString } from './documents.ts';
import { noteReach } from './reach.ts';

/** The server has answered, and said no. */
export class Refused extends Error {
	readonly code: string;
	/** Seconds until it may be tried again, where the server says so. */
	readonly retryAfter: number | null;
	constructor({ message, extensions }: GraphQlError) {
		super(message);
		this.code = extensions?.code ?? 'INTERNAL_SERVER_ERROR';
		this.retryAfter = extensions?.retryAfter ?? null;
	}
}

/** Nothing answers, or what answers is not the server. */
export class Unreachable extends Error {}

export interface GraphQlError {
	message: string;
	extensions?: { code?: string; retryAfter?: number } | undefined;
}

interface Answer<T> {
	data?: T | null;
	errors?: GraphQlError[];
}

/** One operation over HTTP. Rejects with `Refused` where none of its fields has an answer, or with `Unreachable`. */
export async function ask<T, V>(
	document: TypedDocumentString<T, V>,
	variables: V,
	signal?: AbortSignal,
): Promise<T> {
	const body = JSON.stringify({ query: document.toString(), variables });
	const headers = { 'content-type': 'application/json' };
	const { data, errors } = await answerOf<T>({
		method: 'POST',
		headers,
		body,
		signal: signal ?? null,
	});
	const [first] = errors ?? [];
	const isEmpty = !data || Object.values(data).every((value) => value === null);
	if (first && isEmpty) throw new Refused(first);
	if (!data) throw new Unreachable('an answer without data');
	return data;
}

async function answerOf<T>(request: RequestInit): Promise<Answer<T>> {
	const response = await reach('/graphql', request);
	const answer = await response.json().catch(() => ({}));
	return answer as Answer<T>;
}

async function reach(url: string, request: RequestInit): Promise<Response> {
	try {
		const response = await fetch(url, request);
		noteReach('http', true);
		return response;
	} catch (error) {
		if (request.signal?.aborted) throw error;
		noteReach('http', false);
		throw new Unreachable('the server does not answer', { cause: error });
	}
}

/** A download of this server; rejects as `ask` does. */
export async function download(url: string): Promise<Response> {
	const response = await reach(url, {});
	if (response.ok) return response;
	const { errors } = (await response.json().catch(() => ({}))) as Answer<unknown>;
	throw errors?.[0] ? new Refused(errors[0]) : new Unreachable(`status ${response.status}`);
}
