import { ask } from '../api/ask.ts';
import { subscribe } from '../api/connection.ts';
import {
	FollowManyDocument,
	type RowFragment,
	RowOfDocument,
	SubmitManyDocument,
} from '../api/documents.ts';
import { isPassing, retrying } from '../api/retrying.ts';
import { backOffMs, pause, untilVisible, whileVisible } from '../api/waiting.ts';

export interface Keys {
	chainId: number;
	addresses: string[];
}

type Show = (rows: readonly (RowFragment | null)[], addresses: readonly string[]) => void;

/** Shows what there is of each, null for what nobody has submitted. */
export async function loadRows({ chainId, addresses }: Keys, show: Show, signal: AbortSignal) {
	const one = (address: string) => () => ask(RowOfDocument, { chainId, address }, signal);
	await Promise.all(
		addresses.map(async (address) => {
			const { contract } = await retrying(one(address), signal);
			show([contract], [address]);
		}),
	);
}

export async function submitAll(keys: Keys, show: Show, signal: AbortSignal): Promise<void> {
	const answer = await retrying(() => ask(SubmitManyDocument, keys, signal), signal);
	show(answer.submitContracts, keys.addresses);
}

/**
 * Shows each change of each until the signal ends it. The stream completes when all are finished, and would at once
 * complete again: from then on the page looks now and then whether somebody has refreshed one.
 */
export async function followMany(keys: Keys, show: Show, signal: AbortSignal): Promise<void> {
	for (let failures = 0; !signal.aborted; ) {
		await untilVisible(signal);
		try {
			const stream = subscribe(FollowManyDocument, { ...keys }, whileVisible(signal));
			for await (const { contractStatuses } of stream) {
				failures = 0;
				show([contractStatuses.contract], [contractStatuses.contract.address]);
			}
			await pause(finishedMs, signal);
		} catch (error) {
			if (!isPassing(error)) throw error;
			await pause(backOffMs(failures), signal);
			failures += 1;
		}
	}
}

const finishedMs = 15_000;
