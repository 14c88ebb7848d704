import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { DomainError } from '../domain/errors.ts';
import type { OperationContext } from './context.ts';

/** Has every mutation refused to whom may not change anything, whichever way it came. */
export function guardMutations(schema: GraphQLSchema): GraphQLSchema {
	for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
		const { resolve = defaultFieldResolver } = field;
		field.resolve = (source, args, context: OperationContext, info) => {
			if (!context.mayChange) throw new DomainError('FORBIDDEN', sentence);
			return resolve(source, args, context, info);
		};
	}
	return schema;
}

const sentence =
	'A web page of another origin may read here, and not submit: whoever runs this server can name it in ALLOWED_ORIGINS.';
