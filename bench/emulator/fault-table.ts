import { answerFaults } from './answer-faults.ts';
import type { FaultRow } from './fault-row.ts';
import { refusalFaults } from './refusal-faults.ts';
import { wireFaults } from './wire-faults.ts';

/** Every fault, with what it is at each door; a door that is not in a row does not have that fault. */
export const faultTable = {
	...refusalFaults,
	...answerFaults,
	...wireFaults,
} satisfies Record<string, FaultRow>;
