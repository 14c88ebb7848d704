import type { DoorName } from './door-name.ts';
import type { Exchange } from './fault-row.ts';
import { type FaultName, wayOf } from './faults.ts';
import type { Reply } from './reply.ts';
import { send } from './send.ts';

/** Answers a call in the way of a fault, or with an answer word for word. */
export async function spoil(
	door: DoorName,
	fault: FaultName | Reply,
	exchange: Exchange,
): Promise<void> {
	const way = typeof fault === 'string' ? wayOf(fault, door) : fault;
	if (typeof way === 'function') await way(exchange);
	else send(exchange.response, way);
}
