import { readKey } from '../domain/asked-keys.ts';
import type { Contract as Shape } from '../domain/contract.ts';
import { builder } from './builder.ts';
import { ContractError } from './contract-error.ts';
import { keyArgs } from './contract-key.ts';
import { ContractSource } from './contract-source.ts';
import { ContractStatus } from './contract-status.ts';
import { node } from './node.ts';
import { StatusEvent } from './status-event.ts';

export const Contract = builder.objectRef<Shape>('Contract').implement({
	interfaces: [node],
	fields: (t) => ({
		chainId: t.exposeInt('chainId'),
		address: t.expose('address', { type: 'Address' }),
		status: t.expose('status', { type: ContractStatus }),
		version: t.exposeInt('version', {
			description:
				'1 when created, and one more with every change of status or attempt; never repeats, never falls.',
		}),
		attempts: t.exposeInt('attempts', {
			description: 'Downloads started since the last submission that was accepted.',
		}),
		nextAttemptAt: t.field({
			type: 'DateTime',
			nullable: true,
			description:
				'When the next attempt is due, while one is waiting for its turn or its back-off.',
			// An estimate that did not come true says nothing any more.
			resolve: ({ status, nextAttemptAt }) =>
				status === 'CREATED' && nextAttemptAt && nextAttemptAt < new Date() ? null : nextAttemptAt,
		}),
		error: t.expose('error', {
			type: ContractError,
			nullable: true,
			description:
				'Why the contract is in ERROR, or why the last attempt failed while another is due.',
		}),
		source: t.field({
			type: ContractSource,
			nullable: true,
			description: 'The newest stored source; kept while a refresh runs and if it fails.',
			resolve: ({ chainId, address, source }) => source && { ...source, chainId, address },
		}),
		history: t.field({
			type: [StatusEvent],
			description: 'Every change so far, oldest first.',
			resolve: (contract, _, { loaders }) => loaders.history.load(contract),
		}),
		createdAt: t.expose('createdAt', { type: 'DateTime' }),
		updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
	}),
});

builder.objectField(StatusEvent, 'contract', (t) =>
	t.field({
		type: Contract,
		description: 'The contract as it is now.',
		async resolve(event, _, { loaders }) {
			const contract = await loaders.contract.load(event);
			if (!contract) throw new Error('an event has no contract');
			return contract;
		},
	}),
);

builder.queryField('contract', (t) =>
	t.field({
		type: Contract,
		nullable: true,
		description: 'Straight from the database. Null for an address that was never submitted.',
		args: keyArgs,
		resolve: (_, args, context) => context.readContract(readKey(args, context.chains)),
	}),
);

builder.queryField('cachedContract', (t) =>
	t.field({
		type: Contract,
		nullable: true,
		description:
			'Through the cache: an answer is kept for five minutes and dropped when the contract changes. Never older than\na status event that a subscriber has already been sent.',
		args: keyArgs,
		resolve: (_, args, context) => context.cachedContract(readKey(args, context.chains)),
	}),
);
