import { parseAddress } from '../domain/address.ts';
import type { Contract, ContractKey } from '../domain/contract.ts';
import { badInput } from '../domain/errors.ts';
import { builder } from './builder.ts';

/** Everything that has an id of its own. */
export const node = builder.interfaceRef<Contract>('Node').implement({
	resolveType: () => 'Contract',
	fields: (t) => ({ id: t.id({ resolve: contractId }) }),
});

/** Opaque to clients; the same for ever. */
export function contractId(key: ContractKey): string {
	return Buffer.from(`Contract:${key.chainId}:${key.address}`).toString('base64url');
}

function readContractId(id: string): ContractKey {
	const match = /^Contract:(\d{1,10}):(0x[0-9a-f]{40})$/.exec(
		Buffer.from(id, 'base64url').toString(),
	);
	if (!match?.[1] || !match[2]) {
		throw badInput('This id was not given out by this service: take the `id` of a Contract.');
	}
	return { chainId: Number(match[1]), address: parseAddress(match[2]) };
}

builder.queryField('node', (t) =>
	t.field({
		type: node,
		nullable: true,
		args: { id: t.arg.id({ required: true }) },
		resolve: (_, { id }, { readContract }) => readContract(readContractId(id)),
	}),
);
