import { requireChain, requireServed } from '../domain/chain.ts';
import { type ContractKey, keyText, type StatusEvent as Shape } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import { builder } from './builder.ts';
import { keyArgs, keysArgs, keysOf } from './contract-key.ts';
import { ContractError, ContractStatus } from './contract-status.ts';

export const StatusEvent = builder.objectRef<Shape>('StatusEvent').implement({
	description: 'One change of a contract.',
	fields: (t) => ({
		version: t.exposeInt('version'),
		status: t.expose('status', { type: ContractStatus }),
		attempt: t.exposeInt('attempt'),
		error: t.expose('error', { type: ContractError, nullable: true }),
		nextAttemptAt: t.expose('nextAttemptAt', { type: 'DateTime', nullable: true }),
		at: t.expose('at', { type: 'DateTime' }),
	}),
});

builder.subscriptionField('contractStatus', (t) =>
	t.field({
		type: StatusEvent,
		description:
			"First the contract's newest event (or, with `afterVersion`, every event after it), then each change as it is\ncommitted: no gap, no repeat, versions rising. Completes after it has sent a SUCCESS or ERROR that is the newest\nevent. With nothing to send yet (nobody has submitted the address, or `afterVersion` is the newest event, finished\nor not) it waits for the next one. An `afterVersion` above all events, as after the service was restored from a backup,\ncounts as absent.",
		args: { ...keyArgs, afterVersion: t.arg.int() },
		subscribe(_, { chainId, address, ...args }, { chains, subscription }) {
			const afterVersion = args.afterVersion ?? null;
			if (afterVersion !== null && afterVersion < 0) {
				throw badInput('afterVersion has to be the version of an event, or 0 for all of them.');
			}
			requireChain(chains, chainId);
			return subscription.follow({ chainId, address }, afterVersion);
		},
		resolve: (event) => event,
	}),
);

builder.subscriptionField('contractStatuses', (t) =>
	t.field({
		type: StatusEvent,
		description:
			'One stream over up to 100 contracts of one chain; completes when the last of them is finished.',
		args: keysArgs,
		subscribe(_, args, { chains, subscription }) {
			const keys = keysOf(args);
			requireServed(chains, keys);
			return subscription.followMany(distinct(keys));
		},
		resolve: (event) => event,
	}),
);

function distinct(keys: readonly ContractKey[]): ContractKey[] {
	return [...new Map(keys.map((key) => [keyText(key), key])).values()];
}
