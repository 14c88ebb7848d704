/** 1,234 or 0.25: as many digits as a person wants to read. */
export function number(value: number): string {
	const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
	return value.toLocaleString('en', { maximumFractionDigits: digits });
}

export function share(part: number, whole: number): string {
	if (whole === 0) return 'none yet';
	return `${((100 * part) / whole).toLocaleString('en', { maximumFractionDigits: 1 })} %`;
}

/** 12 ms, 3.4 s, 5 min, 3 h 12 min, 2 d 4 h. */
export function duration(seconds: number): string {
	if (seconds < 1) return `${number(Math.round(seconds * 10_000) / 10)} ms`;
	if (seconds < 60) return `${number(Math.round(seconds * 10) / 10)} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	return hours < 24
		? `${hours} h ${minutes % 60} min`
		: `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function megabytes(bytes: number): string {
	return `${number(Math.round(bytes / 1024 / 1024))} MB`;
}

/** "3 a, 1 b", the most first and without those of which there is none; or what is said when there is nothing. */
export function listed(parts: readonly [name: string, count: number][], none: string): string {
	const some = parts.filter(([, count]) => count !== 0);
	if (some.length === 0) return none;
	const sorted = some.toSorted(([, a], [, b]) => b - a);
	return sorted.map(([name, count]) => `${number(count)} ${name.replaceAll('_', ' ')}`).join(', ');
}
