import { builder } from './builder.ts';
import { Contract } from './contract.ts';
import { Implementation } from './contract-source.ts';

builder.objectField(Implementation, 'contract', (t) =>
	t.field({
		type: Contract,
		nullable: true,
		resolve: (key, _, { loaders }) => loaders.contract.load(key),
	}),
);
