import { type DocumentNode, getOperationAST } from 'graphql';
import { type OperationType, ownOperations } from '../domain/telemetry.ts';
import type { OperationLabels } from '../platform/metrics/graphql.ts';

/** What is told of an operation that can be run. */
export interface KnownOperation extends OperationLabels {
	type: OperationType;
}

export const invalid: OperationLabels = { operation: 'invalid', type: 'unknown' };

const own = new Map(Object.entries(ownOperations));
const told = new Map<string, KnownOperation>();
/** Documents are kept by their text for a while, so most are the same object as before. */
const ofDocuments = new WeakMap<DocumentNode, Map<string, KnownOperation>>();

/** The operation that would run, by its own name where that is one of ours; null where there is none. */
export function knownOperation(
	document: DocumentNode,
	operationName: string | null | undefined,
): KnownOperation | null {
	const chosen = operationName ?? '';
	const before = ofDocuments.get(document)?.get(chosen);
	if (before) return before;
	const operation = getOperationAST(document, operationName);
	if (!operation) return null;
	const known = labelsOf(operation.name?.value, operation.operation);
	const all = ofDocuments.get(document) ?? new Map<string, KnownOperation>();
	ofDocuments.set(document, all.set(chosen, known));
	return known;
}

function labelsOf(name: string | undefined, type: OperationType): KnownOperation {
	const other = name === undefined ? 'anonymous' : 'other';
	const operation = name !== undefined && own.get(name) === type ? name : other;
	const key = `${type} ${operation}`;
	const known = told.get(key) ?? { operation, type };
	told.set(key, known);
	return known;
}
