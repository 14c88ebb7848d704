import type { Row } from './rows.ts';

const columns = ['chainId', 'address', 'status', 'name', 'language', 'files', 'error'] as const;

/** For spreadsheets: a cell that they would take for a formula begins with a quote. */
export function asCsv(chainId: number, rows: readonly Row[]): string {
	const lines = rows.map(({ address, contract }) => [
		String(chainId),
		address,
		contract?.status ?? 'not submitted',
		contract?.source?.name ?? '',
		contract?.source?.language ?? '',
		contract?.source ? String(contract.source.fileCount) : '',
		contract?.error?.code ?? '',
	]);
	return [[...columns], ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
