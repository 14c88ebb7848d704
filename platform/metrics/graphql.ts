import type {
	Emit,
	OperationType,
	OperationOutcome as Outcome,
	Rejection,
} from '../../domain/telemetry.ts';
import { answerCodes, type AnswerCode as ErrorCode, oneOf } from '../../domain/telemetry.ts';

export type { ErrorCode, Outcome, Rejection };

/** What stands for an operation instead of a name that a client chose. */
export interface OperationLabels {
	/** A name of the project's own documents, `other`, `anonymous`, or `invalid` where nothing can be run. */
	operation: string;
	type: OperationType | 'unknown';
}

export interface GraphQlMetrics {
	operation(labels: OperationLabels, outcome: Outcome, seconds: number): void;
	error(operation: string, code: ErrorCode): void;
	rejected(reason: Rejection): void;
}

export function errorCode(code: unknown): ErrorCode {
	return oneOf(answerCodes, code);
}

export function createGraphQlMetrics(emit: Emit): GraphQlMetrics {
	return {
		operation: ({ operation, type: operationType }, outcome, seconds) =>
			emit({ type: 'graphql.answered', operation, operationType, outcome, seconds }),
		error: (operation, code) => emit({ type: 'graphql.error', operation, code }),
		rejected: (reason) => emit({ type: 'graphql.rejected', reason }),
	};
}
