import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { findProgram, type ProgramName } from '../../ops/services/programs.ts';
import { environmentOf } from '../../ops/services/unpacked.ts';
import type { TestVhost } from '../../test/harness/services.ts';
import { type PeerName, peerVersions } from '../setup/peers.ts';

const run = promisify(execFile);

/** What the figures depend on, and nothing that names the machine or its folders. */
export interface Machine {
	processor: string;
	cores: number;
	memoryGb: number;
	kernel: string;
}

export function machine(): Machine {
	const all = cpus();
	return {
		processor: all[0]?.model.trim() ?? 'unknown',
		cores: all.length,
		memoryGb: Math.round(totalmem() / 2 ** 30),
		kernel: release(),
	};
}

/** Of everything that took part, by its name. */
export async function versions(
	{ api }: TestVhost,
	missing: readonly PeerName[],
): Promise<Record<string, string>> {
	const [mariadb, redis, wrk, broker] = await Promise.all([
		versionOf('mariadbd', /Ver (\S+)/),
		versionOf('redis-server', /v=(\S+)/),
		versionOf('wrk', /^wrk (?:debian\/)?(\S+)/),
		api<{ rabbitmq_version: string }>('GET', 'overview'),
	]);
	const rabbitmq = broker?.rabbitmq_version ?? 'unknown';
	return {
		...{ Node: process.versions.node, MariaDB: mariadb, RabbitMQ: rabbitmq, Redis: redis, wrk },
		...(await peerVersions(missing)),
	};
}

async function versionOf(name: ProgramName, pattern: RegExp): Promise<string> {
	const program = findProgram(name) ?? name;
	// wrk says it with its usage, and ends as after a mistake.
	const { stdout } = await run(program, ['--version'], { env: environmentOf(program) }).catch(
		(error: { stdout: string }) => error,
	);
	return pattern.exec(stdout)?.[1] ?? 'unknown';
}

/** Short, with a mark when the files differ from it. */
export async function commit(): Promise<string> {
	const git = async (...args: string[]) => (await run('git', args)).stdout.trim();
	try {
		const changed = await git('status', '--porcelain', '--untracked-files=no');
		return `${await git('rev-parse', '--short', 'HEAD')}${changed ? '-changed' : ''}`;
	} catch {
		return 'unknown';
	}
}
