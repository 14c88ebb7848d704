import type { FaultKind } from './fault.ts';
import { mysqlFaults } from './mysql-faults.ts';
import { networkFaults } from './network-faults.ts';
import { processFaults } from './process-faults.ts';
import { rabbitmqFaults } from './rabbitmq-faults.ts';
import { redisFaults } from './redis-faults.ts';
import { stepFaults } from './step-faults.ts';
import { upstreamFaults } from './upstream-faults.ts';

/** Everything that can be broken. */
export const faults: readonly FaultKind[] = [
	...processFaults,
	...mysqlFaults,
	...redisFaults,
	...rabbitmqFaults,
	...networkFaults,
	...stepFaults,
	...upstreamFaults,
];

/** Throws with a sentence for an unknown name. */
export function faultNamed(name: string): FaultKind {
	const fault = faults.find((one) => one.name === name);
	if (fault) return fault;
	throw new Error(`"${name}" is none of: ${faults.map((one) => one.name).join(', ')}`);
}
