import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { checksummed, parseAddress } from '../domain/address.ts';
import { DomainError } from '../domain/errors.ts';
import { builder } from './builder.ts';

builder.scalarType('Address', {
	description:
		'The address of a contract: 0x and 40 hex digits. Input in any case, but mixed case must carry a valid\nEIP-55 checksum. Output is always checksummed.',
	serialize: checksummed,
	parseValue: (value) => readAddress(value),
	parseLiteral: (node) => readAddress(node.kind === Kind.STRING ? node.value : null, node),
});

builder.scalarType('DateTime', {
	description: 'RFC 3339 in UTC with milliseconds, such as 2026-11-23T21:43:00.000Z.',
	serialize: (date) => date.toISOString(),
	parseValue() {
		throw new GraphQLError('DateTime is only ever an output.');
	},
});

builder.scalarType('JSON', {
	description: 'Any JSON value.',
	serialize: (value) => value,
	parseValue() {
		throw new GraphQLError('JSON is only ever an output.');
	},
});

function readAddress(value: unknown, node?: ValueNode) {
	if (typeof value !== 'string') {
		throw userError('An address has to be a string of 0x and 40 hex digits.', node);
	}
	try {
		return parseAddress(value);
	} catch (error) {
		if (error instanceof DomainError) throw userError(error.message, node);
		throw error;
	}
}

function userError(message: string, node: ValueNode | undefined): GraphQLError {
	const nodes = node ? { nodes: node } : {};
	return new GraphQLError(message, { ...nodes, extensions: { code: 'BAD_USER_INPUT' } });
}
