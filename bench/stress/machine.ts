import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

/** What the figures depend on, and nothing that names the machine or its folders. */
export interface Machine {
	processor: string;
	cores: number;
	memoryGb: number;
	kernel: string;
	node: string;
	/** Short, with a mark when files differ from it. */
	commit: string;
}

export async function machine(): Promise<Machine> {
	const all = cpus();
	return {
		processor: all[0]?.model.trim() ?? 'unknown',
		cores: all.length,
		memoryGb: Math.round(totalmem() / 2 ** 30),
		kernel: release(),
		node: process.versions.node,
		commit: await commit(),
	};
}

async function commit(): Promise<string> {
	const git = async (...args: string[]) => (await promisify(execFile)('git', args)).stdout.trim();
	try {
		const changed = await git('status', '--porcelain', '--untracked-files=no');
		return `${await git('rev-parse', '--short', 'HEAD')}${changed ? '-changed' : ''}`;
	} catch {
		return 'unknown';
	}
}
