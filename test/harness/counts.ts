import { expect, vi } from 'vitest';
import { type Measured, samples } from './metrics.ts';

/** What a process shows now but for buckets and Node.js' own, each sample without the label of its service. */
export async function shown(process: Measured): Promise<Map<string, number>> {
	const own = [...(await samples(process))].filter(
		([name]) => !/^(?:nodejs|process)_|_bucket\{/.test(name),
	);
	return new Map(
		own.map(([name, value]) => [
			name
				.replace(/service="[a-z]+",?/, '')
				.replace(',}', '}')
				.replace('{}', ''),
			value,
		]),
	);
}

/** Waits until the counts whose names fit have risen by so much since `before`, and no others have. */
export async function untilCounted(
	process: Measured,
	before: Map<string, number>,
	only: RegExp,
	counts: Record<string, number>,
): Promise<void> {
	const risen = ([name, value]: [string, number]): [string, number][] => {
		const by = value - (before.get(name) ?? 0);
		return by !== 0 && only.test(name) && /_(?:total|count)(?:\{|$)/.test(name) ? [[name, by]] : [];
	};
	const compare = async () =>
		expect(Object.fromEntries([...(await shown(process))].flatMap(risen))).toEqual(counts);
	await vi.waitFor(compare, { timeout: 20_000, interval: 20 });
}
