import type { FailureClass } from '../failure.ts';

/** What an error object says; `pro` for those of the PRO interface itself, which have `error`. */
export interface SaidError {
	pro: boolean;
	text: string;
}

/** The class of an error that is known, or null. */
export function classOfError(status: number, { pro, text }: SaidError): FailureClass | null {
	// Behind a status of the server's own trouble no word about the contract counts.
	if (status >= 500) return null;
	if (status === 402 || /out of credits/i.test(text)) return 'DAILY_QUOTA';
	if (/api ?key/i.test(text) && /invalid|missing|required/i.test(text)) return 'INVALID_KEY';
	if (status === 404) return classOfMissing(pro, text);
	if (status === 422 || status === 400) return 'BAD_REQUEST';
	return null;
}

function classOfMissing(pro: boolean, text: string): FailureClass | null {
	if (/^network not supported\.?$/i.test(text.trim())) return 'CHAIN';
	if (!/^not found\.?$/i.test(text.trim())) return null;
	// An instance looks the address up among those with code: this one has none, so nothing is verified.
	// The PRO interface speaks of its own paths instead.
	return pro ? 'BAD_REQUEST' : 'UNVERIFIED';
}
