import { notOkBody, okBody, refusals as shared } from '../../../sources/etherscan/format.ts';
import { json, type Reply } from '../reply.ts';

/** Success: status "1", message "OK", and the result as it is. */
export function ok(result: unknown): Reply {
	return json(okBody(result));
}

/** Refusal: it too comes with HTTP 200, and its text stands in `result`. */
export function notOk(result: string | null): Reply {
	return json(notOkBody(result));
}

/** The texts of Etherscan's refusals, letter for letter, its spelling mistakes included. */
export const refusals = {
	...shared,
	chainlist:
		'Missing or unsupported chainid parameter (required for v2 api), please see chainlist for the list of supported chainids',
	chainNumber: 'Error! Missing or unsupported chainid parameter (56)',
	noKey: 'Missing/Invalid API Key',
	badKey: 'Invalid API Key (#err2)',
	badKeyPlain: 'Invalid API Key',
	badKeyPolygon: 'Invalid API Key (#err2)|POLY-2',
	keyAttempts: 'Too many invalid api key attempts, please try again later',
	rate: 'Max rate limit reached',
	rateWithoutKey: 'Max rate limit reached, please use API Key for higher rate limit',
	addressPlain: 'Invalid Address format',
	timeout: 'Query Timeout occured. Please select a smaller result dataset',
	busy: 'Unexpected err, timeout occurred or server too busy. Please try again later',
	somethingWrong: 'Something went wrong.',
	plan: 'Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage. https://etherscan.io/apis',
	planPro:
		'Sorry, it looks like you are trying to access an API Pro endpoint. Contact us to upgrade to API Pro.',
	deprecated:
		'You are using a deprecated V1 endpoint, switch to Etherscan API V2 using https://docs.etherscan.io/v2-migration',
	unknown: 'Error! Something unheard of happened',
} as const;

export function rateRefusal(perSecond: number): string {
	return `Max calls per sec rate limit reached (${perSecond}/sec)`;
}

export function dailyRefusal(used: number, perDay: number): string {
	const percent = Math.floor((used / perDay) * 100);
	return `Max daily rate limit reached. ${used} (${percent}%) of ${perDay} day/limit`;
}

/** The free tier's second text; the quota comes back at the next midnight UTC. */
export function communityRefusal(now: Date): string {
	const midnight = new Date(now);
	midnight.setUTCHours(24, 0, 0, 0);
	const reset = midnight.toISOString().slice(0, 19).replace('T', ' ');
	return `Community Free API limit reached. Resets ${reset} UTC.`;
}
