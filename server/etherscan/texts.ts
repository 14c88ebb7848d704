import { chainListUrl } from './paths.ts';

/** Etherscan's refusals, letter for letter: tools look for them. */
export const texts = {
	chain: `Missing or unsupported chainid parameter (required for v2 api), please see ${chainListUrl} for the list of supported chainids`,
	module: 'Error! Missing or invalid Module name',
	action: 'Error! Missing Or invalid Action name',
	address: 'Error! Invalid address format',
	notVerified: 'Contract source code not verified',
} as const;

/**
 * What to say of a source that may come later. Foundry looks for the first four words at the start,
 * ethers and sol2uml for "rate limit" anywhere: no other text is retried by as many tools.
 */
export function busyText(why: string): string {
	return `Max rate limit reached, please try again later. ${why}`;
}

/** What to say of a source that will not come; neither worth a retry nor "not verified". */
export function failedText(why: string): string {
	return `Error! ${why}`;
}
