import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ApiKey, KeyLimits } from '../../domain/api-key.ts';
import { parseCount } from './options.ts';
import { table } from './output.ts';

/** What a client's key may, as options; `default` takes a limit away again. */
export const limitOptions: Readonly<Record<keyof KeyLimits, Option>> = {
	requestsPerSecond: new Option('--requests-per-second <n>', 'of one server'),
	contractsPerHour: new Option('--contracts-per-hour <n>', 'new ones, over all servers'),
	mostInLine: new Option('--most-in-line <n>', 'contracts that may wait at once'),
};

export function withLimits(command: Command): Command {
	for (const option of Object.values(limitOptions)) {
		command.addOption(option.argParser(countOrDefault));
	}
	return command;
}

function countOrDefault(text: string): number | null {
	return text === 'default' ? null : parseCount(text);
}

/** Those that were given. */
export function limitsIn(options: Partial<KeyLimits>): Partial<KeyLimits> {
	const { requestsPerSecond, contractsPerHour, mostInLine } = options;
	return {
		...(requestsPerSecond !== undefined && { requestsPerSecond }),
		...(contractsPerHour !== undefined && { contractsPerHour }),
		...(mostInLine !== undefined && { mostInLine }),
	};
}

/** Stands in logs and tables. */
export function parseName(text: string): string {
	if (/^[\w.@-]{1,100}$/.test(text)) return text;
	throw new InvalidArgumentError('Expected up to 100 letters, digits, or . _ - @');
}

export function showClientKeys(keys: readonly Omit<ApiKey, 'hash'>[]): string {
	if (keys.length === 0) return 'No client has a key: keys add NAME';
	const shown = (limit: number | null) => (limit === null ? 'default' : String(limit));
	const rows = keys.map((key) => [
		key.name,
		key.revokedAt ? `revoked ${key.revokedAt.toISOString()}` : 'in use',
		key.createdAt.toISOString(),
		shown(key.requestsPerSecond),
		shown(key.contractsPerHour),
		shown(key.mostInLine),
	]);
	const headings = ['CLIENT', 'STANDS', 'SINCE', 'REQUESTS/S', 'CONTRACTS/H', 'IN LINE'];
	return table(headings, rows);
}
