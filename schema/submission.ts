import { builder } from './builder.ts';
import { Contract } from './contract.ts';
import { keyArgs, keysArgs } from './contract-key.ts';

const refresh = builder.args((t) => ({
	refresh: t.boolean({ required: true, defaultValue: false }),
}));

builder.mutationField('submitContract', (t) =>
	t.field({
		type: Contract,
		description:
			'Stores the contract and queues its download. Idempotent: a contract that is queued, in process or has source\nis returned as it is; one in ERROR is queued again. With `refresh` a finished contract is downloaded again, and\nits stored source stays until the new one is there.',
		args: { ...keyArgs, ...refresh },
		async resolve(_, { address, chainId, refresh }, { submit }) {
			const [contract] = await submit({ addresses: [address], chainId }, refresh);
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
		resolve: (_, args, { submit }) => submit(args, args.refresh),
	}),
);
