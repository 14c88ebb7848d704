import {
	type GraphQLArgument,
	type GraphQLInputType,
	isEnumType,
	isListType,
	isNonNullType,
	isRequiredArgument,
} from 'graphql';
import type { Choices } from './choices.ts';

/** What there is to ask for. */
export interface Known {
	/** Of contracts that have their source. */
	contracts: readonly string[];
	/** These, and some that are none or nobody's. */
	addresses: readonly string[];
	/** Cursors, names, paths, hashes. */
	texts: readonly string[];
	ids: readonly string[];
}

const numbers = [1, 2, 20, 0, 100, 101, -1, 137, 2 ** 31 - 1, 2 ** 31, 1.5];

/** The arguments of one operation, and the variables that it declares for them. */
export function createValues(known: Known, choices: Choices) {
	const variables: Record<string, unknown> = {};
	const declared: string[] = [];

	/** As JSON has it; enums are marked, as they are written without quotes. */
	function sample(type: GraphQLInputType): unknown {
		if (choices.oneIn(24)) return choices.odd();
		if (isNonNullType(type)) return sample(type.ofType);
		if (choices.oneIn(30)) return null;
		if (isListType(type)) {
			const count = choices.oneIn(25) ? 101 : 1 + choices.whole(3);
			return Array.from({ length: count }, () => sample(type.ofType));
		}
		if (isEnumType(type)) return choices.pick(type.getValues()).name;
		switch (type.name) {
			case 'Address':
				return choices.pick(known.addresses);
			case 'ID':
				return choices.pick(known.ids);
			case 'Int':
				return choices.pick(numbers);
			case 'Boolean':
				return choices.oneIn(2);
			default:
				return choices.pick(known.texts);
		}
	}

	function argument(type: GraphQLInputType): string {
		if (choices.oneIn(2)) return variable(type);
		const value = sample(type);
		const isEnum = isEnumType(isNonNullType(type) ? type.ofType : type);
		return isEnum && typeof value === 'string' && /^\w+$/.test(value) ? value : literal(value);
	}

	/** Not always of the type that is asked for, and not always there. */
	function variable(type: GraphQLInputType): string {
		const name = `v${declared.length}`;
		const written = choices.oneIn(12)
			? choices.pick(['Int', 'String', '[Address]', 'JSON'])
			: `${type}`;
		const nullable = choices.oneIn(20) ? written.replace(/!$/, '') : written;
		const fallback = choices.oneIn(8) ? ` = ${literal(sample(type))}` : '';
		declared.push(`$${name}: ${nullable}${fallback}`);
		if (!choices.oneIn(10)) variables[name] = sample(type);
		return `$${name}`;
	}

	return {
		variables,
		argument,
		isRequired: (arg: GraphQLArgument) => isRequiredArgument(arg),
		declarations: () => (declared.length > 0 ? `(${declared.join(', ')})` : ''),
	};
}

function literal(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(literal).join(' ')}]`;
	if (typeof value === 'object' && value !== null) {
		const fields = Object.entries(value).map(
			([name, one]) => `${fieldName(name)}: ${literal(one)}`,
		);
		return `{${fields.join(' ')}}`;
	}
	return JSON.stringify(value) ?? 'null';
}

function fieldName(text: string): string {
	return /^[A-Za-z_]\w*$/.test(text) ? text : 'field';
}
