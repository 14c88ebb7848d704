import { parseAddress } from './address.ts';
import { requireServed } from './chain.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import { DomainError } from './errors.ts';
import type { Asker } from './line.ts';
import { isWorthSubmitting, type SubmitContext, submit } from './submit.ts';
import type { SubmissionKind } from './telemetry.ts';

/** Why an address is not taken. Public: values of a GraphQL enum. */
export const refusalCodes = ['BAD_USER_INPUT', 'RATE_LIMITED', 'UNAUTHENTICATED'] as const;
type Refusal = DomainError & { code: (typeof refusalCodes)[number] };

/** What became of one address of many. */
export interface Submission {
	/** As it was sent. */
	address: string;
	/** As it stands now; null for one that nobody has submitted. */
	contract: Contract | null;
	/** Why it was not taken; null where it was, or was known already. */
	refusal: Pick<Refusal, 'code' | 'message' | 'retryAfter'> | null;
}

/**
 * As `submit`, for addresses as people write them, and says of each what became of it, in the order asked: one that is mistyped
 * leaves the others alone, and what may not be submitted now is told with what is known of it. Throws a `BAD_USER_INPUT`
 * for a chain that is not served, and for none or more than 100 addresses.
 */
export async function submitEach(
	context: SubmitContext,
	texts: readonly string[],
	{ chainId, kind }: { chainId: number; kind: Exclude<SubmissionKind, 'implementation'> },
	asker: Asker,
): Promise<Submission[]> {
	requireServed(
		context.chains,
		texts.map(() => ({ chainId })),
	);
	const read = texts.map((text) => keyOrRefusal(chainId, text));
	const keys = read.flatMap((each) => (isRefusal(each) ? [] : [each]));
	const { contracts, refusal } = await submitted(context, keys, kind, asker);
	const known = new Map(contracts.map((contract) => [keyText(contract), contract]));
	return texts.map((address, index) => {
		const each = read[index];
		if (!each) throw new Error('an address was not read');
		if (isRefusal(each)) return { address, contract: null, refusal: factsOf(each) };
		const contract = known.get(keyText(each)) ?? null;
		const isRefused = refusal && isWorthSubmitting(context, kind, contract, each);
		return { address, contract, refusal: isRefused ? factsOf(refusal) : null };
	});
}

function keyOrRefusal(chainId: number, text: string): ContractKey | Refusal {
	try {
		return { chainId, address: parseAddress(text) };
	} catch (error) {
		if (isRefusal(error)) return error;
		throw error;
	}
}

/** All of them, or those that are known and why no more were taken. */
async function submitted(
	context: SubmitContext,
	keys: readonly ContractKey[],
	kind: Exclude<SubmissionKind, 'implementation'>,
	asker: Asker,
): Promise<{ contracts: Contract[]; refusal: Refusal | null }> {
	if (keys.length === 0) return { contracts: [], refusal: null };
	try {
		return { contracts: await submit(context, keys, kind, asker), refusal: null };
	} catch (error) {
		if (!isRefusal(error)) throw error;
		const found = await context.store.readContracts(keys);
		return { contracts: found.filter((contract) => contract !== null), refusal: error };
	}
}

/** An error as it is would be thrown by whoever is to hand it on. */
function factsOf({ code, message, retryAfter }: Refusal) {
	return { code, message, retryAfter };
}

function isRefusal(value: unknown): value is Refusal {
	return value instanceof DomainError && refusalCodes.some((code) => code === value.code);
}
