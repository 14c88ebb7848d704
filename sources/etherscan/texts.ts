import type { FailureClass } from '../failure.ts';

/** The error texts of Etherscan and of servers that speak like it, in the order of looking. */
const texts: readonly [FailureClass, RegExp][] = [
	['DAILY_QUOTA', /daily rate limit reached|free api limit reached/i],
	['RATE_LIMIT', /rate limit reached/i],
	['INVALID_KEY', /invalid api ?key/i],
	['PLAN', /free api access is not supported|api pro endpoint/i],
	['CHAIN', /missing or unsupported chainid/i],
	['V1_DEAD', /deprecated V1 endpoint/i],
	['BAD_REQUEST', /invalid address (format|hash)|missing or invalid (action|module) name/i],
	['BAD_REQUEST', /^query parameter \w{1,40} is required$/i],
	['UNVERIFIED', /^contract source code not verified$/i],
	['DOWN', /^page not found\.?$/i],
	['TRANSIENT', /timeout occur+ed|server too busy|^something went wrong|^429\b/i],
];

/** The class of an error text, or null for one that is not known. */
export function classOfText(text: string): FailureClass | null {
	return texts.find(([, match]) => match.test(text.trim()))?.[0] ?? null;
}
