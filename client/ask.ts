/** The server has answered, and refused. */
export class VerifeedError extends Error {
	/** Such as `BAD_USER_INPUT` or `RATE_LIMITED`: `extensions.code` of the answer. */
	readonly code: string;
	/** Seconds after which it is worth trying again, where the server says so. */
	readonly retryAfter: number | null;

	constructor({ message, extensions }: GraphQlError) {
		super(message);
		this.name = 'VerifeedError';
		this.code = extensions?.code ?? 'INTERNAL_SERVER_ERROR';
		this.retryAfter = extensions?.retryAfter ?? null;
	}
}

export interface GraphQlError {
	message: string;
	extensions?: { code?: string; retryAfter?: number } | undefined;
}

interface Answer<T> {
	data?: T | null;
	errors?: GraphQlError[];
}

export interface Door {
	/** Of GraphQL over HTTP. */
	url: string;
	headers: Readonly<Record<string, string>>;
	fetch: typeof fetch;
}

/** One operation over HTTP. Rejects with a `VerifeedError`, and as `fetch` does where nobody answers. */
export async function ask<T>(
	{ url, headers, fetch }: Door,
	query: string,
	variables: object,
	signal: AbortSignal | undefined,
): Promise<T> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify({ query, variables }),
		signal: signal ?? null,
	});
	const { data, errors } = await answerOf<T>(response);
	const [first] = errors ?? [];
	if (first) throw new VerifeedError(first);
	if (!data) throw new Error(`${url} answered with status ${response.status} and no data`);
	return data;
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
	// A proxy may answer in a server's place, in HTML.
	const answer = await response.json().catch(() => ({}));
	return answer as Answer<T>;
}
