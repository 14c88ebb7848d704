const patienceMs = 10_000;

/** One operation over HTTP; null where no GraphQL answer came, and then nobody knows what was done. */
export async function tryQuery<T>(
	url: string,
	query: string,
	variables: Record<string, unknown>,
): Promise<{ data: T | null } | null> {
	try {
		const response = await fetch(`${url}/graphql`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ query, variables }),
			signal: AbortSignal.timeout(patienceMs),
		});
		const answer: unknown = await response.json();
		if (typeof answer !== 'object' || answer === null) return null;
		// The data has the shape of the query, which the caller wrote.
		const data = 'data' in answer ? (answer.data as T | null | undefined) : null;
		// A field that failed is null as well, which would look like an answer.
		return { data: 'errors' in answer ? null : (data ?? null) };
	} catch {
		return null;
	}
}
