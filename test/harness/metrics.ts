/** A process that shows its metrics. */
export interface Measured {
	metricsUrl: string;
}

/** Every sample that a process shows now, by its name with all its labels. */
export async function allSamples({ metricsUrl }: Measured): Promise<Map<string, number>> {
	const response = await fetch(`${metricsUrl}/metrics`);
	const lines = (await response.text()).split('\n');
	return new Map(
		lines
			.filter((line) => line !== '' && !line.startsWith('#'))
			.map((line) => {
				const [, name = '', value] = /^(\S+?(?:\{.*?\})?) (\S+)/.exec(line) ?? [];
				return [name, Number(value)];
			}),
	);
}

/** The sum of a metric's samples that have these labels, as a process shows it now. */
export async function metric(
	process: Measured,
	name: string,
	labels: Readonly<Record<string, string>> = {},
): Promise<number> {
	const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
	const found = [...(await allSamples(process))].filter(
		([sample]) =>
			(sample === name || sample.startsWith(`${name}{`)) &&
			wanted.every((label) => sample.includes(label)),
	);
	if (found.length === 0) throw new Error(`there is no metric ${name}${JSON.stringify(labels)}`);
	return found.reduce((sum, [, value]) => sum + value, 0);
}

/** Waits until a metric stands at a value. */
export async function untilMetric(
	process: Measured,
	name: string,
	value: number,
	labels: Readonly<Record<string, string>> = {},
): Promise<void> {
	while ((await metric(process, name, labels).catch(() => Number.NaN)) !== value) {
		await new Promise(setImmediate);
	}
}

/** Every sample that a process shows now, by its name and labels, without those of buckets and of Node.js. */
export async function samples(server: Measured): Promise<Map<string, number>> {
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
