import type { Fault } from './fault.ts';
import { mysqlFaults } from './mysql-faults.ts';
import { networkFaults } from './network-faults.ts';
import { processFaults } from './process-faults.ts';
import { rabbitmqFaults } from './rabbitmq-faults.ts';
import { redisFaults } from './redis-faults.ts';
import { upstreamFaults } from './upstream-faults.ts';

/** Everything that can be broken. */
export const faults: readonly Fault[] = [
	...processFaults,
	...mysqlFaults,
	...redisFaults,
	...rabbitmqFaults,
	...networkFaults,
	...upstreamFaults,
];

/** Throws with a sentence for an unknown name. */
export function faultNamed(name: string): Fault {
	const fault = faults.find((one) => one.name === name);
	if (fault) return fault;
	throw new Error(`"${name}" is none of: ${faults.map((one) => one.name).join(', ')}`);
}
