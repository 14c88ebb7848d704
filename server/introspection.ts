import {
	type ASTVisitor,
	GraphQLError,
	getIntrospectionQuery,
	Kind,
	NoSchemaIntrospectionCustomRule,
	parse,
	type SelectionSetNode,
	type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Bounds what is asked about the schema: its lists are in one another, so a few hundred characters can ask for a million values.
 * Four times the query that tools send is plenty. `allowed: false`: nothing may be asked.
 */
export function introspectionPlugin(allowed: boolean): Plugin {
	const rule = allowed ? introspectionCostRule : NoSchemaIntrospectionCustomRule;
	return {
		onValidate({ addValidationRule }) {
			addValidationRule(rule);
		},
	};
}

/** About how many each list of ours has; a list that is not here has one. */
const lengths: Readonly<Record<string, number>> = {
	types: 60,
	fields: 10,
	enumValues: 6,
	inputFields: 6,
	directives: 6,
	args: 3,
	possibleTypes: 3,
	interfaces: 2,
	// Few are wrapped in others.
	ofType: 0.5,
};

type Find = (fragment: string) => SelectionSetNode | undefined;

/** How many values a selection gives, about. Fragments are counted wherever they are spread, and read once. */
function valuesOf(selections: SelectionSetNode, find: Find, known: Map<string, number>): number {
	let values = 0;
	for (const selection of selections.selections) {
		if (selection.kind === Kind.FRAGMENT_SPREAD) {
			const name = selection.name.value;
			const fragment = known.has(name) ? undefined : find(name);
			// One that spreads itself is refused by another rule.
			known.set(name, known.get(name) ?? 0);
			if (fragment) known.set(name, valuesOf(fragment, find, known));
			values += known.get(name) ?? 0;
		} else {
			const inner = selection.selectionSet ? valuesOf(selection.selectionSet, find, known) : 0;
			const isField = selection.kind === Kind.FIELD;
			values += isField ? (lengths[selection.name.value] ?? 1) * (1 + inner) : inner;
		}
	}
	return values;
}

const most = 4 * standard();

export function introspectionCostRule(context: ValidationContext): ASTVisitor {
	const known = new Map<string, number>();
	const find: Find = (name) => context.getFragment(name)?.selectionSet;
	let values = 0;
	let isReported = false;
	return {
		Field({ name, selectionSet }) {
			if (!selectionSet || (name.value !== '__schema' && name.value !== '__type')) return;
			values += valuesOf(selectionSet, find, known);
			if (values <= most || isReported) return;
			isReported = true;
			const sentence =
				'Query Cost limit of introspection exceeded; ask for less of the schema at once.';
			context.reportError(new GraphQLError(sentence));
		},
	};
}

function standard(): number {
	const { definitions } = parse(getIntrospectionQuery());
	const sets = new Map<string, SelectionSetNode>();
	for (const definition of definitions) {
		if (definition.kind === Kind.FRAGMENT_DEFINITION) {
			sets.set(definition.name.value, definition.selectionSet);
		} else if (definition.kind === Kind.OPERATION_DEFINITION) sets.set('', definition.selectionSet);
	}
	const operation = sets.get('');
	return operation ? valuesOf(operation, (name) => sets.get(name), new Map()) : 0;
}
