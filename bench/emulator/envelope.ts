/** A whole HTTP answer, ready to be sent or spoilt. */
export interface Reply {
	status?: number;
	headers?: Readonly<Record<string, string>>;
	body: string;
}

/** Success: status "1", message "OK", and the result as it is. */
export function ok(result: unknown): Reply {
	return { body: JSON.stringify({ status: '1', message: 'OK', result }) };
}

/** Refusal: it too comes with HTTP 200, and its text stands in `result`. */
export function notOk(result: string): Reply {
	return { body: JSON.stringify({ status: '0', message: 'NOTOK', result }) };
}

/** The texts of Etherscan's refusals, letter for letter, its spelling mistakes included. */
export const refusals = {
	chain:
		'Missing or unsupported chainid parameter (required for v2 api), please see https://api.etherscan.io/v2/chainlist for the list of supported chainids',
	noKey: 'Missing/Invalid API Key',
	badKey: 'Invalid API Key (#err2)',
	keyAttempts: 'Too many invalid api key attempts, please try again later',
	module: 'Error! Missing or invalid Module name',
	action: 'Error! Missing Or invalid Action name',
	address: 'Error! Invalid address format',
	timeout: 'Query Timeout occured. Please select a smaller result dataset',
	busy: 'Unexpected err, timeout occurred or server too busy. Please try again later',
	plan: 'Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage. https://etherscan.io/apis',
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
