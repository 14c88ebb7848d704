import { addressOrNull } from '../domain/address.ts';
import { requireChain } from '../domain/chain.ts';
import type { Contract as Shape } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import type { Position } from '../domain/ports.ts';
import { builder } from './builder.ts';
import { Contract } from './contract.ts';
import { ContractStatus } from './contract-status.ts';

interface Page {
	contracts: Shape[];
	hasNextPage: boolean;
	hasPreviousPage: boolean;
}

const PageInfo = builder.objectRef<Page>('PageInfo').implement({
	fields: (t) => ({
		hasNextPage: t.exposeBoolean('hasNextPage'),
		hasPreviousPage: t.exposeBoolean('hasPreviousPage'),
		startCursor: t.string({ nullable: true, resolve: (page) => cursorOf(page.contracts.at(0)) }),
		endCursor: t.string({ nullable: true, resolve: (page) => cursorOf(page.contracts.at(-1)) }),
	}),
});

const ContractEdge = builder.objectRef<Shape>('ContractEdge').implement({
	fields: (t) => ({
		cursor: t.string({ resolve: writeCursor }),
		node: t.field({ type: Contract, resolve: (contract) => contract }),
	}),
});

const ContractConnection = builder.objectRef<Page>('ContractConnection').implement({
	fields: (t) => ({
		edges: t.field({ type: [ContractEdge], resolve: (page) => page.contracts }),
		pageInfo: t.field({ type: PageInfo, resolve: (page) => page }),
	}),
});

const mostContracts = 100;

builder.queryField('contracts', (t) =>
	t.field({
		type: ContractConnection,
		description: 'Newest change first.',
		args: {
			first: t.arg.int({ defaultValue: 20 }),
			after: t.arg.string(),
			status: t.arg({ type: ContractStatus }),
			chainId: t.arg.int(),
			name: t.arg.string({ description: 'Name of the contract, exactly.' }),
		},
		async resolve(_, args, { store, chains }): Promise<Page> {
			if (args.chainId != null) requireChain(chains, args.chainId);
			const first = args.first ?? 20;
			if (first < 1 || first > mostContracts) {
				throw badInput(`first has to be 1 to ${mostContracts}; page on with after: endCursor.`);
			}
			const after = args.after == null ? null : readCursor(args.after);
			const filter = {
				status: args.status ?? undefined,
				chainId: args.chainId ?? undefined,
				name: args.name ?? undefined,
			};
			const found = await store.listContracts(filter, first + 1, after);
			return {
				contracts: found.slice(0, first),
				hasNextPage: found.length > first,
				hasPreviousPage: after !== null,
			};
		},
	}),
);

function cursorOf(contract: Shape | undefined): string | null {
	return contract ? writeCursor(contract) : null;
}

function writeCursor({ updatedAt, chainId, address }: Position): string {
	return Buffer.from(`${updatedAt.getTime()}:${chainId}:${address}`).toString('base64url');
}

function readCursor(cursor: string): Position {
	const [time, chainId, address] = Buffer.from(cursor, 'base64url').toString().split(':');
	const at = new Date(/^\d{1,14}$/.test(time ?? '') ? Number(time) : Number.NaN);
	const parsed = addressOrNull(address);
	if (Number.isNaN(at.getTime()) || !/^\d{1,10}$/.test(chainId ?? '') || !parsed) {
		throw badInput('This cursor was not given out by this service: take `endCursor` of a page.');
	}
	return { updatedAt: at, chainId: Number(chainId), address: parsed };
}
