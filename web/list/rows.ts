import type { RowFragment } from '../api/documents.ts';

export interface Row {
	/** Checksummed. */
	address: string;
	/** Null where nobody has submitted it, undefined until that is known. */
	contract: RowFragment | null | undefined;
}

const ranks = { ERROR: 0, PROCESS: 1, CREATED: 2, SUCCESS: 4 } as const;

/** What failed on top, then what is under way, then what is there; among equals as they were asked for. */
export function inOrder(rows: readonly Row[]): Row[] {
	const rank = ({ contract }: Row) => (contract ? ranks[contract.status] : 3);
	return rows.toSorted((a, b) => rank(a) - rank(b));
}

export function counts(rows: readonly Row[]): { done: number; failed: number; missing: string[] } {
	const withStatus = (status: string) => rows.filter(({ contract }) => contract?.status === status);
	return {
		done: withStatus('SUCCESS').length,
		failed: withStatus('ERROR').length,
		missing: rows.filter(({ contract }) => contract === null).map(({ address }) => address),
	};
}
