import { isFree } from '../services/free-port.ts';
import { SetupError } from '../services/setup-error.ts';
import type { Settings } from './settings.ts';

/** Throws, naming the setting to change, when a port that `npm start` needs is taken. */
export async function checkPorts({ httpPort, metricsPort }: Settings): Promise<void> {
	const needed = [
		{ port: httpPort, setting: 'HTTP_PORT', what: `HTTP_PORT ${httpPort}` },
		{ port: metricsPort, setting: 'METRICS_PORT', what: `METRICS_PORT ${metricsPort}` },
		{
			port: metricsPort + 1,
			setting: 'METRICS_PORT',
			what: `port ${metricsPort + 1} (METRICS_PORT + 1, for the worker)`,
		},
	];
	const mistakes: string[] = [];
	for (const { port, setting, what } of needed) {
		if (await isFree(port)) continue;
		const others =
			setting === 'HTTP_PORT'
				? { besides: [metricsPort, metricsPort + 1] }
				: { besides: [httpPort], count: 2 };
		const other = await nextFreePort(port + 100, others);
		const hint = `set ${setting} to a free one, such as ${setting}=${other} npm start`;
		mistakes.push(`${what} is taken by another program: ${hint}`);
	}
	if (mistakes.length > 0) throw new SetupError(mistakes.join('\n'));
}

type Wanted = {
	/** So many in a row. */
	count?: number;
	/** Nobody listens there yet, but somebody will. */
	besides?: readonly number[];
};

/** The first port from there on that nobody listens on. */
export async function nextFreePort(
	from: number,
	{ count = 1, besides = [] }: Wanted = {},
): Promise<number> {
	let free = 0;
	for (let port = from; port < 65_536; port++) {
		free = !besides.includes(port) && (await isFree(port)) ? free + 1 : 0;
		if (free === count) return port - count + 1;
	}
	throw new SetupError(`no free port from ${from} on`);
}
