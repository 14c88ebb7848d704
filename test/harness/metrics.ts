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
