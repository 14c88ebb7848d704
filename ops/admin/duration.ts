import { InvalidArgumentError } from 'commander';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `90s`, `5m`, `2h` or `1d` as milliseconds. */
export function parseDuration(text: string): number {
	const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
	if (!number || !unit) throw new InvalidArgumentError('Expected such as 90s, 5m, 2h or 1d.');
	// The pattern lets no other letter through.
	return Number(number) * units[unit as keyof typeof units];
}

/** For a person: the two largest units. */
export function showDuration(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1_000));
	if (seconds < 60) return `${seconds}s`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
	if (seconds < 86_400)
		return `${Math.floor(seconds / 3_600)}h ${Math.floor((seconds % 3_600) / 60)}m`;
	return `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3_600)}h`;
}
