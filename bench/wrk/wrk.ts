import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../ops/services/programs.ts';
import { environmentOf } from '../../ops/services/unpacked.ts';
import { type Load, readOutput } from './output.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'load.lua');

export interface Request {
	method: 'GET' | 'POST';
	path: string;
	/** `@ADDRESS@` in it is a new address for each request, `@ADDRESSES@` a hundred of them. */
	body?: unknown;
}

/** A process under load. */
export interface Target {
	url: string;
	pid: number;
}

export interface Figures extends Load {
	/** Processor time of the process for one request, in milliseconds. */
	cpu: number;
}

export interface LoadOptions {
	seconds: number;
	connections: number;
	/** For the list of requests. */
	folder: string;
	signal: AbortSignal;
}

/** Sends the requests in turn, as fast as they are answered. Throws when one is not. */
export async function load(
	target: Target,
	requests: readonly Request[],
	{ seconds, connections, folder, signal }: LoadOptions,
): Promise<Figures> {
	const list = join(folder, 'requests.txt');
	writeFileSync(list, requests.map(lineOf).join(''));
	const wrk = findProgram('wrk') ?? 'wrk';
	const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script];
	const before = cpuMs(target.pid);
	const { stdout } = await run(
		wrk,
		[...args, target.url, '--', list, randomBytes(12).toString('hex')],
		{ env: environmentOf(wrk), signal },
	);
	const cpu = cpuMs(target.pid) - before;
	const measured = readOutput(stdout);
	return { ...measured, cpu: cpu / measured.requests };
}

function lineOf({ method, path, body }: Request): string {
	const text = body === undefined ? '' : JSON.stringify(body);
	return `${method}\t${path}\t${text.replace('"@ADDRESSES@"', '@ADDRESSES@')}\n`;
}

/** Sends one of the requests, as wrk would; what was answered. */
export async function answerOf({ url }: Target, request: Request): Promise<unknown> {
	const response = await fetch(`${url}${request.path}`, {
		method: request.method,
		...(request.body !== undefined && {
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(request.body),
		}),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${request.path} answered ${response.status}: ${text}`);
	return JSON.parse(text);
}

/** Of a process and all its threads, by the kernel, which counts in hundredths of a second. */
export function cpuMs(pid: number): number {
	const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
	const fields = rest.split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}
