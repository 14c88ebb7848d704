import { findProgram, type ProgramName } from './programs.ts';
import { endEarlier, type RunningService, startService } from './service.ts';

/** One program of the monitoring: it answers over HTTP, on a loopback port. */
export type MonitorPlan = {
	name: string;
	program: ProgramName;
	folder: string;
	port: number;
	args: readonly string[];
	env?: Record<string, string>;
	/** Answers 200 when it is ready. */
	path: string;
};

export async function startMonitor(
	plan: MonitorPlan,
	{ signal }: { signal?: AbortSignal } = {},
): Promise<RunningService> {
	const { name, program, folder, port, args, env = {}, path } = plan;
	await endEarlier(folder);
	const url = `http://127.0.0.1:${port}`;
	return startService({
		...{ name, folder, url, args },
		command: findProgram(program) ?? program,
		env: { PATH: process.env['PATH'], ...env },
		async ping() {
			const { status } = await fetch(url + path, { signal: AbortSignal.timeout(2_000) });
			if (status !== 200) throw new Error(`status ${status}`);
		},
		stopWithinMs: 5_000,
		signal,
	});
}
