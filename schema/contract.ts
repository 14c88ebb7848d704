import { parseAddress } from '../domain/address.ts';
import { requireChain } from '../domain/chain.ts';
import type { ContractKey, Contract as Shape } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import { kindOf } from '../domain/proxy.ts';
import { readCachedContract, readContract } from '../domain/read-contract.ts';
import { submit } from '../domain/submit.ts';
import { builder } from './builder.ts';
import { keyArgs, keysArgs, keysOf } from './contract-key.ts';
import { ContractSource, Implementation, ProxyType } from './contract-source.ts';
import { ContractError, ContractStatus } from './contract-status.ts';
import { StatusEvent } from './status-event.ts';

/** Everything that has an id of its own. */
const Node = builder.interfaceRef<Shape>('Node').implement({
	resolveType: () => 'Contract',
	fields: (t) => ({ id: t.id({ resolve: writeId }) }),
});

export const Contract = builder.objectRef<Shape>('Contract').implement({
	interfaces: [Node],
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
		implementations: t.field({
			type: [Implementation],
			description:
				'If it is a proxy: the contracts that hold its code, also where it has no verified source of its own.',
			resolve: ({ chainId, proxy, source }) =>
				(proxy ?? source)?.implementations.map((address) => ({ chainId, address })) ?? [],
		}),
		proxyType: t.field({
			type: ProxyType,
			nullable: true,
			description: 'The kind of proxy that it is, where an upstream says so.',
			resolve: ({ proxy, source }) => kindOf(proxy ? proxy.kind : (source?.proxyKind ?? null)),
		}),
		history: t.field({
			type: [StatusEvent],
			description: 'Every change so far, oldest first.',
			resolve: (contract, _, { loaders }) => loaders().history.load(contract),
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
			const contract = await loaders().contract.load(event);
			if (!contract) throw new Error('an event has no contract');
			return contract;
		},
	}),
);

builder.objectField(Implementation, 'contract', (t) =>
	t.field({
		type: Contract,
		nullable: true,
		resolve: (key, _, { loaders }) => loaders().contract.load(key),
	}),
);

builder.queryField('contract', (t) =>
	t.field({
		type: Contract,
		nullable: true,
		description: 'Straight from the database. Null for an address that was never submitted.',
		args: keyArgs,
		resolve(_, key, context) {
			requireChain(context.chains, key.chainId);
			return readContract(context, key);
		},
	}),
);

builder.queryField('cachedContract', (t) =>
	t.field({
		type: Contract,
		nullable: true,
		description:
			'Through the cache: an answer is kept for five minutes and dropped when the contract changes. Never older than\na status event that a subscriber has already been sent.',
		args: keyArgs,
		resolve(_, key, context) {
			requireChain(context.chains, key.chainId);
			return readCachedContract(context, key);
		},
	}),
);

builder.queryField('node', (t) =>
	t.field({
		type: Node,
		nullable: true,
		args: { id: t.arg.id({ required: true }) },
		resolve: (_, { id }, context) => readContract(context, readId(id)),
	}),
);

/** Opaque to clients; the same for ever. */
function writeId({ chainId, address }: ContractKey): string {
	return Buffer.from(`Contract:${chainId}:${address}`).toString('base64url');
}

function readId(id: string): ContractKey {
	const match = /^Contract:(\d{1,10}):(0x[0-9a-f]{40})$/.exec(
		Buffer.from(id, 'base64url').toString(),
	);
	if (!match?.[1] || !match[2]) {
		throw badInput('This id was not given out by this service: take the `id` of a Contract.');
	}
	return { chainId: Number(match[1]), address: parseAddress(match[2]) };
}

const refresh = builder.args((t) => ({
	refresh: t.boolean({ required: true, defaultValue: false }),
}));

builder.mutationField('submitContract', (t) =>
	t.field({
		type: Contract,
		description:
			'Stores the contract and queues its download. Idempotent: a contract that is queued, in process or has source\nis returned as it is; one in ERROR is queued again. With `refresh` a finished contract is downloaded again, and\nits stored source stays until the new one is there.',
		args: { ...keyArgs, ...refresh },
		async resolve(_, { address, chainId, refresh }, context) {
			const kind = refresh ? 'refresh' : 'submit';
			const [contract] = await submit(context, [{ chainId, address }], kind, context.asker);
			if (!contract) throw new Error('a submission gave no contract');
			return contract;
		},
	}),
);

builder.mutationField('submitContracts', (t) =>
	t.field({
		type: [Contract],
		description:
			'As submitContract, for up to 100 addresses of one chain; answers in the order asked.',
		args: { ...keysArgs, ...refresh },
		resolve: (_, args, context) =>
			submit(context, keysOf(args), args.refresh ? 'refresh' : 'submit', context.asker),
	}),
);
