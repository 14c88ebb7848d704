import SchemaBuilder from '@pothos/core';
import type { Address } from '../domain/address.ts';
import type { OperationContext } from './context.ts';

/** The types that the schema is built from; every file beside this one adds its own to it. */
export const builder = new SchemaBuilder<{
	Context: OperationContext;
	DefaultFieldNullability: false;
	Scalars: {
		ID: { Input: string; Output: string };
		Address: { Input: Address; Output: Address };
		DateTime: { Input: Date; Output: Date };
		JSON: { Input: unknown; Output: unknown };
	};
}>({ defaultFieldNullability: false });
