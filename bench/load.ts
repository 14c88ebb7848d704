import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import type { ServerProcess } from '../test/harness/system.ts';

/** What one side did in one measurement. */
export interface Figures {
	/** Requests a second. */
	rate: number;
	/** Processor time of the server for one request, in milliseconds. */
	cpu: number;
	/** 97.5th percentile, in milliseconds. */
	latency: number;
}

export interface GraphQlRequest {
	query: string;
	variables: Record<string, unknown>;
}

const connections = 32;

/** Sends the operations in turn, as fast as they are answered. Throws when one is not. */
export async function load(
	server: ServerProcess,
	operations: readonly GraphQlRequest[],
	seconds: number,
): Promise<Figures> {
	const before = cpuMs(server.pid);
	const result = await autocannon({
		url: `${server.url}/graphql`,
		connections,
		duration: seconds,
		requests: operations.map((operation) => ({
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(operation),
		})),
	});
	const { total } = result.requests;
	const wrong = result.non2xx + result.errors + result.timeouts;
	if (wrong > 0 || total === 0) throw new Error(`${wrong} of ${total} requests failed`);
	return {
		rate: total / result.duration,
		cpu: (cpuMs(server.pid) - before) / total,
		latency: result.latency.p97_5,
	};
}

/** Of a process and all its threads, by the kernel, which counts in hundredths of a second. */
function cpuMs(pid: number): number {
	const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
	const fields = rest.split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}
