import {
	type DocumentNode,
	type ExecutionResult,
	execute,
	type FieldNode,
	GraphQLError,
	type GraphQLSchema,
	getLocation,
	getOperationAST,
	isNonNullType,
	Kind,
	type OperationDefinitionNode,
	OperationTypeNode,
	TypeInfo,
	visit,
	visitWithTypeInfo,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { YogaServerInstance } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

/** An operation that was parsed, validated and found within the limits before. */
export interface KnownOperation {
	document: DocumentNode;
	/** Without `data` where its variables do not fit: nothing was run then. */
	run(context: object, variables: Variables): ExecutionResult | Promise<ExecutionResult>;
}

type Variables = Readonly<Record<string, unknown>> | null | undefined;
type Enveloped = Pick<YogaServerInstance<object, object>, 'getEnveloped'>;

const mostDocuments = 1_000;
/** Characters of all of them together, and of one. A compiled one keeps a hundred bytes for each: 50 MB at the most. */
const mostText = 500_000;
const longestText = 10_000;
/** Compiling blocks everybody else for 7 microseconds a character: only short ones, of who comes again and again. */
const longestCompiled = 2_000;
const compiledFrom = 20;

interface KnownDocument {
	/** Undefined: not looked at yet; null: left to Yoga, as it is invalid, or over a limit. */
	document: DocumentNode | null | undefined;
	operations: Map<string, KnownOperation>;
}

/**
 * The operations that clients send again and again, by their text. One that is sent for the first time, or is wrong
 * in any way, is not among them.
 */
export function createDocuments(graphql: Enveloped) {
	const documents = new LRUCache<string, KnownDocument>({
		max: mostDocuments,
		maxSize: mostText,
		sizeCalculation: (_, text) => text.length + 1,
	});
	const enveloped = graphql.getEnveloped({});
	// Yoga's own types leave open what a schema is.
	const schema = enveloped.schema as GraphQLSchema;

	function read(text: string): DocumentNode | null {
		try {
			const document: DocumentNode = enveloped.parse(text);
			return enveloped.validate(schema, document).length === 0 ? document : null;
		} catch {
			return null;
		}
	}

	return {
		find(text: string, operationName: string | null): KnownOperation | null {
			if (text.length > longestText) return null;
			const known = documents.get(text);
			if (!known) {
				documents.set(text, { document: undefined, operations: new Map() });
				return null;
			}
			const name = operationName ?? '';
			const before = known.operations.get(name);
			if (before) return before;
			if (known.document === undefined) known.document = read(text);
			const operation = known.document && prepare(schema, known.document, operationName);
			// Names that are not there are without number.
			if (operation) known.operations.set(name, operation);
			return operation;
		},
	};
}

function prepare(
	schema: GraphQLSchema,
	document: DocumentNode,
	operationName: string | null,
): KnownOperation | null {
	const operation = getOperationAST(document, operationName);
	if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return null;
	const interpret: KnownOperation['run'] = (contextValue, variableValues) =>
		execute({ schema, document, contextValue, variableValues, operationName });
	let run = interpret;
	let uses = 0;
	return {
		document,
		run(context, variables) {
			uses += 1;
			if (uses === compiledFrom) {
				run = compile(schema, document, operation, operationName) ?? interpret;
			}
			return run(context, variables);
		},
	};
}

/** Null for what only an interpreter does as the specification has it. */
function compile(
	schema: GraphQLSchema,
	document: DocumentNode,
	operation: OperationDefinitionNode,
	operationName: string | null,
): KnownOperation['run'] | null {
	const { selections } = operation.selectionSet;
	// One after the other, in their order.
	const isMany = selections.length !== 1 || selections[0]?.kind !== Kind.FIELD;
	if (operation.operation === OperationTypeNode.MUTATION && isMany) return null;
	if ((document.loc?.end ?? Infinity) > longestCompiled || passesNull(schema, document))
		return null;
	const compiled = tryToCompile(schema, document, operationName);
	if (!compiled) return null;
	return async (context, variables) => {
		const result: ExecutionResult = await compiled.query(null, context, variables);
		if (!result.errors || !('data' in result)) return result;
		return { ...result, errors: result.errors.map((error) => whole(document, error)) };
	};
}

function tryToCompile(schema: GraphQLSchema, document: DocumentNode, operationName: string | null) {
	try {
		const compiled = compileQuery(schema, document, operationName ?? undefined);
		return isCompiledQuery(compiled) ? compiled : null;
	} catch {
		// What the compiler does not know stays interpreted.
		return null;
	}
}

/** Whether a variable that may be null stands where an argument with a default may not be: compiled, it would be passed on. */
function passesNull(schema: GraphQLSchema, document: DocumentNode): boolean {
	let found = false;
	const nullable = new Set<string>();
	const types = new TypeInfo(schema);
	visit(
		document,
		visitWithTypeInfo(types, {
			VariableDefinition({ variable, type }) {
				if (type.kind !== Kind.NON_NULL_TYPE) nullable.add(variable.name.value);
				return false;
			},
			Variable({ name }) {
				if (isNonNullType(types.getInputType()) && nullable.has(name.value)) found = true;
			},
		}),
	);
	return found;
}

/** The compiler's errors have a place and no nodes, and what the schema forbids has no cause. */
function whole(document: DocumentNode, error: GraphQLError): GraphQLError {
	const { message, path, locations, originalError } = error;
	const nodes: FieldNode[] = [];
	visit(document, {
		Field(node) {
			const at = node.loc && getLocation(node.loc.source, node.loc.start);
			const isIt = locations?.some(({ line, column }) => line === at?.line && column === at.column);
			if (isIt) nodes.push(node);
		},
	});
	return new GraphQLError(message, {
		nodes,
		path: path ?? null,
		originalError: originalError ?? new Error(message),
	});
}
