import { setTimeout as sleep } from 'node:timers/promises';
/** A process that shows its metrics. */
export interface Measured {
	metricsUrl: string;
}

/** Every sample that a process shows now, by its name with its labels. */
export async function samples({ metricsUrl }: Measured): Promise<Map<string, number>> {
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
	const found = [...(await samples(process))].filter(
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
		await sleep(20);
	}
}
