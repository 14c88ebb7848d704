import { ask, type Door } from './ask.ts';
import {
	documents,
	type GetCachedQuery,
	type GetQuery,
	type SubmitEachMutation,
	type SubmitMutation,
} from './operations.ts';

/** A contract as the server knows it, with its newest source where there is one. */
export type Contract = NonNullable<GetQuery['contract']>;
/** A contract that was submitted, without its source. */
export type Submitted = SubmitMutation['submitContract'];
/** What became of one address of many. */
export type Submission = SubmitEachMutation['submitEach'][number];

export interface ReadOptions {
	/** Ethereum, 1, when not given. */
	chainId?: number;
	/** Through the server's cache, which is never older than an event that somebody was sent. */
	cached?: boolean;
	signal?: AbortSignal;
}

export interface SubmitOptions {
	chainId?: number;
	/** Has a source that is there downloaded again. */
	refresh?: boolean;
	signal?: AbortSignal;
}

/** Requests under way at once, of one call. */
const atOnce = 8;
/** As many as one operation takes. */
const mostAddresses = 100;

export async function get(
	door: Door,
	address: string,
	{ chainId = 1, cached = false, signal }: ReadOptions = {},
): Promise<Contract | null> {
	const variables = { address, chainId };
	if (!cached) return (await ask<GetQuery>(door, documents.Get, variables, signal)).contract;
	const answer = await ask<GetCachedQuery>(door, documents.GetCached, variables, signal);
	return answer.cachedContract;
}

/** In the order asked. */
export async function getMany(
	door: Door,
	addresses: readonly string[],
	options: ReadOptions = {},
): Promise<(Contract | null)[]> {
	const found: (Contract | null)[] = [];
	let next = 0;
	const readOn = async () => {
		while (next < addresses.length) {
			const index = next;
			next += 1;
			found[index] = await get(door, addresses[index] ?? '', options);
		}
	};
	await Promise.all(Array.from({ length: atOnce }, readOn));
	return found;
}

export async function submit(
	door: Door,
	address: string,
	{ chainId = 1, refresh = false, signal }: SubmitOptions = {},
): Promise<Submitted> {
	const variables = { address, chainId, refresh };
	return (await ask<SubmitMutation>(door, documents.Submit, variables, signal)).submitContract;
}

/** However many, a hundred at a time; in the order asked. */
export async function submitMany(
	door: Door,
	addresses: readonly string[],
	{ chainId = 1, refresh = false, signal }: SubmitOptions = {},
): Promise<Submission[]> {
	const submissions: Submission[] = [];
	for (let start = 0; start < addresses.length; start += mostAddresses) {
		const variables = {
			addresses: addresses.slice(start, start + mostAddresses),
			chainId,
			refresh,
		};
		const answer = await ask<SubmitEachMutation>(door, documents.SubmitEach, variables, signal);
		submissions.push(...answer.submitEach);
	}
	return submissions;
}
