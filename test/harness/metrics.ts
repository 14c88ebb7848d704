import type { ServerProcess } from './system.ts';

/** The sum of a metric's samples, of all labels, as a process shows it now. */
export async function metric(server: ServerProcess, name: string): Promise<number> {
	const response = await fetch(`${server.metricsUrl}/metrics`);
	const lines = (await response.text()).split('\n');
	const samples = lines.filter(
		(line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `),
	);
	if (samples.length === 0) throw new Error(`there is no metric ${name}`);
	return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Waits until a metric stands at a value. */
export async function untilMetric(
	server: ServerProcess,
	name: string,
	value: number,
): Promise<void> {
	while ((await metric(server, name).catch(() => Number.NaN)) !== value) {
		await new Promise(setImmediate);
	}
}

/** Every sample that a process shows now, by its name and labels, without those of buckets and of Node.js. */
export async function samples(server: { metricsUrl: string }): Promise<Map<string, number>> {
	const response = await fetch(`${server.metricsUrl}/metrics`);
	const lines = (await response.text()).split('\n');
	return new Map(lines.flatMap((line) => readSample(line)));
}

function readSample(line: string): [string, number][] {
	const [, name, labels = '', value] =
		/^([a-z][a-z0-9_]*)(\{[^}]*\})? ([^ ]+)(?: # .*)?$/.exec(line) ?? [];
	if (!name || /^(?:nodejs|process)_|_bucket$/.test(name)) return [];
	const told = labels.replace(/service="[a-z]+",?/, '').replace(/,\}/, '}');
	return [[`${name}${told === '{}' ? '' : told}`, Number(value)]];
}

/** The counts that have changed since `before`, and by how much. */
export function countsSince(
	before: Map<string, number>,
	after: Map<string, number>,
): Record<string, number> {
	const changed = [...after].filter(
		([name, value]) => /_(?:total|count)(?:\{|$)/.test(name) && value !== (before.get(name) ?? 0),
	);
	return Object.fromEntries(
		changed.map(([name, value]) => [name, value - (before.get(name) ?? 0)]),
	);
}
