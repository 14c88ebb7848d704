import {
	type GraphQLArgument,
	type GraphQLCompositeType,
	type GraphQLObjectType,
	type GraphQLSchema,
	getNamedType,
	isCompositeType,
	isObjectType,
	isUnionType,
	OperationTypeNode,
} from 'graphql';
import type { Choices } from './choices.ts';
import { createValues, type Known } from './values.ts';

/** What a client sends; most of it is valid. */
export interface Request {
	kind: OperationTypeNode;
	query: string;
	variables: Record<string, unknown>;
}

const deepest = 9;
const operations = [
	OperationTypeNode.QUERY,
	OperationTypeNode.QUERY,
	OperationTypeNode.QUERY,
	OperationTypeNode.MUTATION,
	OperationTypeNode.SUBSCRIPTION,
];

/** A random operation against the schema, with fragments, directives, variables and now and then a slip. */
export function makeRequest(schema: GraphQLSchema, known: Known, choices: Choices): Request {
	const values = createValues(known, choices);
	let aliases = 0;
	const fragments: string[] = [];
	const fragmentTypes: string[] = [];
	const objects = Object.values(schema.getTypeMap()).filter(isObjectType);

	function selections(type: GraphQLCompositeType, depth: number, most: number): string {
		const count = 1 + choices.whole(most);
		return Array.from({ length: count }, () => selection(type, depth)).join(' ');
	}

	function selection(type: GraphQLCompositeType, depth: number): string {
		if (choices.oneIn(14))
			return `... on ${target(type).name}${directive()} { ${selections(target(type), depth + 1, 3)} }`;
		if (choices.oneIn(16)) return `...${fragmentOn(type, depth)}${directive()}`;
		if (choices.oneIn(400)) return 'nothing';
		const fields = isUnionType(type) ? [] : Object.values(type.getFields());
		const introspection = type === schema.getQueryType() && choices.oneIn(20);
		if (introspection) return '__schema { types { name fields { name args { name } } } }';
		const field = choices.pick([null, ...fields, ...fields, ...fields]);
		if (!field) return '__typename';
		const inner = getNamedType(field.type);
		const nested = isCompositeType(inner);
		if (nested && depth > deepest) return '__typename';
		const given = args(field.args);
		// Two of one name have to ask for the same.
		const alias = given !== '' || nested ? `${nextAlias()}: ` : '';
		const below = nested ? ` { ${selections(inner, depth + 1, 5)} }` : '';
		return `${alias}${field.name}${given}${directive()}${choices.oneIn(300) ? ' { x }' : below}`;
	}

	/** A subscription has one field, with something below it. */
	function subscribed(root: GraphQLObjectType): string {
		const { name, args: all, type } = choices.pick(Object.values(root.getFields()));
		const inner = getNamedType(type);
		return `${name}${args(all)} { ${isCompositeType(inner) ? selections(inner, 1, 4) : ''} }`;
	}

	function nextAlias(): string {
		aliases += 1;
		return `a${choices.oneIn(60) ? 0 : aliases}`;
	}

	function target(type: GraphQLCompositeType): GraphQLCompositeType {
		return choices.oneIn(30) ? choices.pick(objects) : type;
	}

	/** One that was written before may be the one that this is written in. */
	function fragmentOn(type: GraphQLCompositeType, depth: number): string {
		const before = fragmentTypes.indexOf(type.name);
		if (before >= 0 && choices.oneIn(2)) return `f${before}`;
		const index = fragmentTypes.push(type.name) - 1;
		fragments[index] = `fragment f${index} on ${type.name} { ${selections(type, depth + 1, 4)} }`;
		return `f${index}`;
	}

	function args(all: readonly GraphQLArgument[]): string {
		const given = all.filter((arg) =>
			values.isRequired(arg) ? !choices.oneIn(100) : choices.oneIn(2),
		);
		if (choices.oneIn(300)) return '(nothing: 1)';
		if (given.length === 0) return '';
		return `(${given.map((arg) => `${arg.name}: ${values.argument(arg.type)}`).join(', ')})`;
	}

	function directive(): string {
		if (!choices.oneIn(20)) return '';
		const name = choices.oneIn(20) ? 'nothing' : choices.pick(['include', 'skip']);
		return ` @${name}(if: ${choices.oneIn(20) ? choices.pick(['1', 'null']) : choices.oneIn(2)})`;
	}

	const kind = choices.pick(operations);
	const root = schema.getRootType(kind);
	if (!root) throw new Error(`the schema has no ${kind}`);
	const isOne = kind === 'subscription' && !choices.oneIn(10);
	const body = isOne ? subscribed(root) : selections(root, 0, 4);
	const query = `${kind} Q${values.declarations()} { ${body} } ${fragments.join(' ')}`;
	return {
		kind,
		query: choices.oneIn(16) ? slip(query, choices) : query,
		variables: values.variables,
	};
}

/** Something is missing or too much in the midst of the text. */
function slip(text: string, choices: Choices): string {
	const at = choices.whole(text.length);
	return `${text.slice(0, at)}${choices.oddText()}${text.slice(at + choices.whole(4))}`;
}
