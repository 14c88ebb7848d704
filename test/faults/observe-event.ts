import { isFinal, type Status } from '../../domain/status.ts';
import type { WatchedEvent } from '../harness/client.ts';
import type { Facts, Ledger } from './ledger.ts';

/** Notes what a client was told, and whether others were told the same. */
export function hear(event: WatchedEvent, facts: Facts, ledger: Ledger, from: string): Status {
	const { version, attempt } = event;
	// The server's schema knows no other.
	const status = event.status as Status;
	ledger.count('events');
	const text = `${status} ${attempt}`;
	const before = facts.told.get(version);
	if (before !== undefined && before !== text) {
		const what = `${from}: version ${version} was "${before}" to one and "${text}" to another`;
		ledger.offend('told', what, facts.address);
	}
	facts.told.set(version, text);
	if (isFinal(status)) {
		facts.finished = true;
		ledger.final();
	}
	return status;
}
