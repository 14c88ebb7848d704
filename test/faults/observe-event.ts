import { isFinal, type Status } from '../../domain/status.ts';
import type { WatchedEvent } from '../harness/client.ts';
import type { Facts, Observations } from './observations.ts';

/** Records an event that a client got, and whether others got the same. */
export function observeEvent(
	event: WatchedEvent,
	facts: Facts,
	observations: Observations,
	from: string,
): Status {
	const { version, attempt } = event;
	// The server's schema knows no other.
	const status = event.status as Status;
	observations.count('events');
	const text = `${status} ${attempt}`;
	const before = facts.streamed.get(version);
	if (before !== undefined && before !== text) {
		const what = `${from}: version ${version} was "${before}" to one and "${text}" to another`;
		observations.violate('streamed', what, facts.address);
	}
	facts.streamed.set(version, text);
	if (isFinal(status)) {
		facts.finished = true;
		observations.final();
	}
	return status;
}
