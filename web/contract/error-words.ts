import type { Refused } from '../api/ask.ts';
import type { ContractErrorCode } from '../api/documents.ts';

export interface Words {
	/** What happened. */
	headline: string;
	/** What happens next, and what can be done. */
	next: string;
	/** Whether asking again may help. */
	again: boolean;
}

/** Why there is no source, once it is final, in the words of people. */
export const errorWords: Readonly<Record<ContractErrorCode, Words>> = {
	NOT_VERIFIED: {
		headline: 'No one has published the source of this contract',
		next: 'Whoever has its source can verify it at one of the services below. Nothing looks again by itself: once it is there, look again here.',
		again: true,
	},
	UPSTREAM_UNAVAILABLE: {
		headline: 'The explorers could not be reached',
		next: 'Every attempt failed, so it has been given up. This says nothing about whether the contract is verified: look again in a while.',
		again: true,
	},
	QUOTA_EXHAUSTED: {
		headline: 'Today’s quota is spent',
		next: 'The explorers take so many calls of this server a day. They count anew at 00:00 UTC: look again then.',
		again: true,
	},
	INVALID_API_KEY: {
		headline: 'The explorer refused this server’s key',
		next: 'Only whoever runs this server can mend that. Look again when they have.',
		again: true,
	},
	UNSUPPORTED_CHAIN: {
		headline: 'No explorer of this server knows this chain',
		next: 'Choose another chain above, or ask whoever runs this server to add an explorer for it.',
		again: false,
	},
	MALFORMED_RESPONSE: {
		headline: 'The explorer’s answer is not readable as source code',
		next: 'What it holds for this address is damaged or in an unknown form. Look at it there; looking again helps only if they have changed it.',
		again: true,
	},
	SOURCE_TOO_LARGE: {
		headline: 'The source is larger than this server keeps',
		next: 'It can be read at the explorer itself. Whoever runs this server can raise SOURCE_MAX_BYTES.',
		again: false,
	},
	INTERNAL: {
		headline: 'Something broke in this service',
		next: 'It is our fault and has been logged. Looking again may help.',
		again: true,
	},
};

/** Why an attempt failed while another is to come. */
export const waitingWords: Readonly<Partial<Record<ContractErrorCode, string>>> = {
	UPSTREAM_UNAVAILABLE: 'The explorers can’t be reached right now',
	QUOTA_EXHAUSTED: 'Today’s quota is spent',
	INVALID_API_KEY: 'The explorer refuses this server’s key',
};

const refusals: Readonly<Record<string, string>> = {
	RATE_LIMITED: 'You have asked for more than one client may for now',
	FORBIDDEN: 'This page may not ask for downloads here',
	UNAUTHENTICATED: 'This server wants a key',
	TOO_MANY_SUBSCRIPTIONS: 'This server follows as many contracts as it can',
	BAD_USER_INPUT: 'The server does not take this',
	INTERNAL_SERVER_ERROR: 'Something broke in this service',
};

/** What a refused request says to a person; the server's own sentence stands below it. */
export function refusalHeadline({ code }: Pick<Refused, 'code'>): string {
	return refusals[code] ?? 'The server refused this';
}
