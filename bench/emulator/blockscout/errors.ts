import { json, type Reply } from '../reply.ts';

/** What the REST API refuses with. */
export function restMessage(status: number, message: string): Reply {
	return json({ message }, status);
}

/** What the PRO API says itself: of its own doing, or for an instance that does not answer. */
export function proError(status: number, error: string, source: 'internal' | 'upstream'): Reply {
	return json({ error, source }, status);
}

/** What the Etherscan-like API refuses with; its text stands in `message`. */
export function rpcError(message: string): Reply {
	return json({ status: '0', message, result: null });
}

export function noNetwork(): Reply {
	return proError(404, 'Network not supported', 'internal');
}

/** Over the calls in a second; `limit` is what the headers say. */
export function tooManyRequests(limit: number): Reply {
	return {
		...restMessage(429, 'Too many requests. Increase limits now at https://dev.blockscout.com'),
		headers: {
			'x-ratelimit-limit': String(limit),
			'x-ratelimit-remaining': '0',
			'x-ratelimit-reset': '1000',
			'bypass-429-option': 'no_bypass',
		},
	};
}

/** The day's credits are spent. Its words are not published: it is taken for a rate with no credits left. */
export function outOfCredits(): Reply {
	const reply = tooManyRequests(5);
	return { ...reply, headers: { ...reply.headers, 'x-credits-remaining': '0' } };
}
