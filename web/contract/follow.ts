import { ask, Refused } from '../api/ask.ts';
import { subscribe } from '../api/connection.ts';
import {
	ContractDocument,
	type ContractQuery,
	type EventFragment,
	FollowDocument,
} from '../api/documents.ts';
import { isPassing, retrying } from '../api/retrying.ts';
import { backOffMs, pause, untilVisible, whileVisible } from '../api/waiting.ts';

export interface Key {
	chainId: number;
	address: string;
}

export type Contract = NonNullable<ContractQuery['contract']>;

/** What the page knows of a contract. */
export type Followed =
	| { state: 'loading'; isFailing: boolean }
	/** Null: nobody has submitted it. */
	| { state: 'known'; contract: Contract | null }
	| { state: 'refused'; refusal: Refused };

/**
 * Shows a contract as it is, and every change of it, until the signal ends it: over lost connections, behind the end
 * of each download, and again when a hidden page is looked at. Never rejects.
 */
export async function follow(
	key: Key,
	show: (followed: Followed) => void,
	signal: AbortSignal,
): Promise<void> {
	show({ state: 'loading', isFailing: false });
	try {
		let contract = await load(key, signal, () => show({ state: 'loading', isFailing: true }));
		show({ state: 'known', contract });
		for await (const event of changes(key, contract?.version ?? null, signal)) {
			const next: Contract | null = contract && merged(contract, event);
			// What has been stored, or what happened before the page knew of it, is read as a whole.
			contract = next && !isFinal(event) ? next : await load(key, signal);
			show({ state: 'known', contract });
		}
	} catch (error) {
		if (signal.aborted) return;
		if (!(error instanceof Refused)) throw error;
		show({ state: 'refused', refusal: error });
	}
}

async function load(key: Key, signal: AbortSignal, failing?: () => void): Promise<Contract | null> {
	const work = async () => (await ask(ContractDocument, key, signal)).contract;
	return retrying(work, signal, failing);
}

function isFinal({ status }: EventFragment): boolean {
	return status === 'SUCCESS' || status === 'ERROR';
}

/** Null where the contract was not as the event's predecessor left it. */
function merged(contract: Contract, event: EventFragment): Contract | null {
	if (event.version !== contract.version + 1) return null;
	return {
		...contract,
		version: event.version,
		status: event.status,
		attempts: event.attempt,
		error: event.error,
		nextAttemptAt: event.nextAttemptAt,
		updatedAt: event.at,
		history: [...contract.history, event],
	};
}

/** Every change behind the version, each once, for as long as somebody looks. */
async function* changes(
	key: Key,
	afterVersion: number | null,
	signal: AbortSignal,
): AsyncGenerator<EventFragment> {
	let last = afterVersion;
	let failures = 0;
	while (!signal.aborted) {
		await untilVisible(signal);
		let seen = 0;
		try {
			const variables = { ...key, afterVersion: last };
			for await (const result of subscribe(FollowDocument, variables, whileVisible(signal))) {
				seen += 1;
				last = result.contractStatus.version;
				yield result.contractStatus;
			}
			failures = seen > 0 ? 0 : failures + 1;
		} catch (error) {
			failures = seen > 0 ? 0 : failures + 1;
			if (!isPassing(error) && !isFull(error)) throw error;
		}
		// After `complete` at once, but never round and round.
		if (failures > 0 && !signal.aborted) await pause(backOffMs(failures - 1), signal);
	}
}

/** Others follow as much as may be followed: a place will be free. */
function isFull(error: unknown): boolean {
	return (
		error instanceof Refused && ['TOO_MANY_SUBSCRIPTIONS', 'RATE_LIMITED'].includes(error.code)
	);
}
