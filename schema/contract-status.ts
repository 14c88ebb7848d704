import type { Status } from '../domain/status.ts';
import { builder } from './builder.ts';

const meanings: Record<Status, { description: string }> = {
	CREATED: { description: 'Accepted and stored; waiting in the queue.' },
	PROCESS: { description: 'A worker has it: downloading, or waiting for its next attempt.' },
	SUCCESS: { description: 'The source code is stored.' },
	ERROR: {
		description: 'No source code could be had; `error` says why. Submitting again tries again.',
	},
};

export const ContractStatus = builder.enumType('ContractStatus', { values: meanings });
