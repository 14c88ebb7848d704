import type { Contract, RuledOut, StatusEvent } from '../../domain/contract.ts';
import type { ContractError } from '../../domain/errors.ts';
import type { SourceDescription } from '../../domain/source.ts';
import type { ContractRow, EventRow } from './tables.ts';

type Failure = Pick<ContractRow, 'errorCode' | 'errorMessage' | 'errorRetryable'>;

export function contractOf(row: ContractRow, description: string | null): Contract {
	return {
		chainId: row.chainId,
		address: row.address,
		status: row.status,
		version: row.version,
		attempts: row.attempts,
		failures: row.failures,
		dueAt: row.dueAt,
		nextAttemptAt: row.nextAttemptAt,
		error: errorOf(row),
		ruledOut: row.ruledOut === null ? [] : ruledOutOf(row.ruledOut),
		depth: row.depth,
		source: description === null ? null : descriptionOf(description),
		createdAt: row.createdAt,
		updatedAt: row.updatedAt,
		submittedAt: row.submittedAt,
		trace: row.trace,
	};
}

export function eventOfRow(row: EventRow): StatusEvent {
	return {
		chainId: row.chainId,
		address: row.address,
		version: row.version,
		status: row.status,
		attempt: row.attempt,
		error: errorOf(row),
		nextAttemptAt: row.nextAttemptAt,
		at: row.at,
		trace: row.trace,
	};
}

export function rowOf(contract: Contract): ContractRow {
	return {
		chainId: contract.chainId,
		address: contract.address,
		status: contract.status,
		version: contract.version,
		attempts: contract.attempts,
		failures: contract.failures,
		dueAt: contract.dueAt,
		nextAttemptAt: contract.nextAttemptAt,
		...failureOf(contract.error),
		ruledOut: contract.ruledOut.length === 0 ? null : JSON.stringify(contract.ruledOut),
		depth: contract.depth,
		sourceHash: contract.source?.hash ?? null,
		sourceName: contract.source?.name.slice(0, 255) ?? null,
		createdAt: contract.createdAt,
		updatedAt: contract.updatedAt,
		submittedAt: contract.submittedAt,
		trace: contract.trace,
	};
}

export function rowOfEvent(event: StatusEvent): EventRow {
	const { error, ...rest } = event;
	return { ...rest, ...failureOf(error) };
}

function errorOf(row: Failure): ContractError | null {
	if (row.errorCode === null) return null;
	return {
		code: row.errorCode,
		message: row.errorMessage ?? '',
		retryable: row.errorRetryable ?? false,
	};
}

function failureOf(error: ContractError | null): Failure {
	return {
		errorCode: error?.code ?? null,
		errorMessage: error?.message.slice(0, 1000) ?? null,
		errorRetryable: error?.retryable ?? null,
	};
}

export function descriptionOf(text: string): SourceDescription {
	// Written by this file alone, from the same type.
	const parsed = JSON.parse(text) as Omit<SourceDescription, 'fetchedAt'> & { fetchedAt: string };
	return { ...unsaid, ...parsed, fetchedAt: new Date(parsed.fetchedAt) };
}

/** What descriptions that were stored by an earlier release lack. */
const unsaid = {
	abiSize: 0,
	viaIr: false,
	remappings: [],
	similarMatch: null,
	implementations: [],
};

function ruledOutOf(text: string): RuledOut[] {
	// Written by this file alone, from the same type.
	const parsed = JSON.parse(text) as (Omit<RuledOut, 'at'> & { at: string })[];
	return parsed.map(({ provider, at }) => ({ provider, at: new Date(at) }));
}
