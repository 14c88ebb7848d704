import type { Contract } from '../../domain/contract.ts';
import type { ContractError, ContractErrorCode } from '../../domain/errors.ts';
import type { SourceDescription } from '../../domain/source.ts';
import { failedText, texts } from './texts.ts';

/** What a contract, as it stands, is to a client of Etherscan's API. */
export type Outcome =
	| { kind: 'source'; source: SourceDescription }
	| { kind: 'not-verified' }
	/** It may come: worth asking again after `seconds`. */
	| { kind: 'busy'; why: string; seconds: number }
	/** It will not come as things are; `text` says so. */
	| { kind: 'failed'; text: string };

export function outcomeOf(contract: Contract): Outcome {
	if (contract.source) return { kind: 'source', source: contract.source };
	if (contract.status === 'ERROR' && contract.error) return ofError(contract.error);
	const { nextAttemptAt } = contract;
	const seconds = nextAttemptAt ? Math.ceil((nextAttemptAt.getTime() - Date.now()) / 1000) : 1;
	return { kind: 'busy', why: underWay, seconds: Math.max(1, seconds) };
}

const underWay = 'The source code of this contract is being fetched.';
const retrySeconds = 10;

/** What a busy answer says: our own words, for an upstream's might be read as "not verified". */
function busy(why: string): Outcome {
	return { kind: 'busy', why, seconds: retrySeconds };
}

function ofError({ code, message }: ContractError): Outcome {
	return kinds[code](message);
}

const kinds = {
	NOT_VERIFIED: () => ({ kind: 'not-verified' }),
	UNSUPPORTED_CHAIN: () => ({ kind: 'failed', text: texts.chain }),
	MALFORMED_RESPONSE: (message) => ({ kind: 'failed', text: failedText(message) }),
	SOURCE_TOO_LARGE: (message) => ({ kind: 'failed', text: failedText(message) }),
	QUOTA_EXHAUSTED: () => busy('The quota of this server is spent; it is given anew.'),
	UPSTREAM_UNAVAILABLE: () => busy('Where this server has its sources from is not available.'),
	INVALID_API_KEY: () => busy('This server may not ask where it has its sources from.'),
	INTERNAL: () => busy('This server failed to fetch the source code.'),
} as const satisfies Record<ContractErrorCode, (message: string) => Outcome>;
