import {
	createSourceEventStream,
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
	isSubscription: boolean;
	/** Without `data` where its variables do not fit: nothing was run then. Of a subscription: what one `event` shows. */
	run(
		context: object,
		variables: Variables,
		event?: unknown,
	): ExecutionResult | Promise<ExecutionResult>;
	/** The events of a subscription, or why there are none. */
	open(context: object, variables: Variables): Promise<AsyncIterable<unknown> | ExecutionResult>;
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
	/** Undefined: not looked at yet; null: invalid, or over a limit. */
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

	/** The errors where it is invalid, or over a limit: rules are returned, and limits thrown by the parser or the validator. */
	function read(text: string): DocumentNode | readonly GraphQLError[] {
		try {
			const document: DocumentNode = enveloped.parse(text);
			const errors: readonly GraphQLError[] = enveloped.validate(schema, document);
			return errors.length === 0 ? document : errors;
		} catch (error) {
			if (error instanceof GraphQLError) return [error];
			throw error;
		}
	}

	function keep(text: string): KnownDocument {
		const known: KnownDocument = { document: undefined, operations: new Map() };
		if (text.length <= longestText) documents.set(text, known);
		return known;
	}

	function operationOf(known: KnownDocument, operationName: string | null): KnownOperation | null {
		const name = operationName ?? '';
		const before = known.operations.get(name);
		if (before) return before;
		const operation = known.document ? prepare(schema, known.document, operationName) : null;
		// Names that are not there are without number.
		if (operation) known.operations.set(name, operation);
		return operation;
	}

	return {
		/** Null where it is left to Yoga: sent for the first time, wrong in any way, or a subscription. */
		find(text: string, operationName: string | null): KnownOperation | null {
			if (text.length > longestText) return null;
			const known = documents.get(text);
			if (!known) {
				keep(text);
				return null;
			}
			if (known.document === undefined) known.document = documentOrNull(read(text));
			const operation = operationOf(known, operationName);
			return operation?.isSubscription ? null : operation;
		},
		/** The operation in any case, or what is wrong with it. */
		read(text: string, operationName: string | null): KnownOperation | readonly GraphQLError[] {
			const known = documents.get(text) ?? keep(text);
			if (!known.document) {
				const document = read(text);
				known.document = documentOrNull(document);
				if (isErrors(document)) return document;
			}
			const extensions = { code: 'OPERATION_RESOLUTION_FAILURE' };
			return (
				operationOf(known, operationName) ?? [
					new GraphQLError('Unable to identify operation', { extensions }),
				]
			);
		},
	};
}

export function isErrors<T>(read: T | readonly GraphQLError[]): read is readonly GraphQLError[] {
	return Array.isArray(read);
}

function documentOrNull(read: DocumentNode | readonly GraphQLError[]): DocumentNode | null {
	return isErrors(read) ? null : read;
}

function prepare(
	schema: GraphQLSchema,
	document: DocumentNode,
	operationName: string | null,
): KnownOperation | null {
	const operation = getOperationAST(document, operationName);
	if (!operation) return null;
	const common = { schema, document, operationName };
	const interpret: KnownOperation['run'] = (contextValue, variableValues, rootValue) =>
		execute({ ...common, contextValue, variableValues, rootValue });
	let run = interpret;
	let uses = 0;
	return {
		document,
		isSubscription: operation.operation === OperationTypeNode.SUBSCRIPTION,
		run(context, variables, event) {
			uses += 1;
			if (uses === compiledFrom) {
				run = compile(schema, document, operation, { operationName, interpret }) ?? interpret;
			}
			return run(context, variables, event);
		},
		open: (contextValue, variableValues) =>
			createSourceEventStream({ ...common, contextValue, variableValues }),
	};
}

/** Null for what only an interpreter does as the specification has it. */
function compile(
	schema: GraphQLSchema,
	document: DocumentNode,
	operation: OperationDefinitionNode,
	{ operationName, interpret }: { operationName: string | null; interpret: KnownOperation['run'] },
): KnownOperation['run'] | null {
	const { selections } = operation.selectionSet;
	// One after the other, in their order.
	const isMany = selections.length !== 1 || selections[0]?.kind !== Kind.FIELD;
	if (operation.operation === OperationTypeNode.MUTATION && isMany) return null;
	if ((document.loc?.end ?? Infinity) > longestCompiled || passesNull(schema, document))
		return null;
	const compiled = tryToCompile(schema, document, operationName);
	if (!compiled) return null;
	return (context, variables, event = null) => {
		const finish = (result: ExecutionResult) => {
			if (!result.errors) return result;
			// Its own words for variables that do not fit are others than everybody's.
			if (!('data' in result)) return interpret(context, variables, event);
			return { ...result, errors: result.errors.map((error) => whole(document, error)) };
		};
		const result: ExecutionResult | Promise<ExecutionResult> = compiled.query(
			event,
			context,
			variables,
		);
		return 'then' in result ? result.then(finish) : finish(result);
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
