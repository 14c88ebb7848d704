import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const isFirstVersion = existsSync('/sys/fs/cgroup/memory');
const root = isFirstVersion ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
const folder = join(root, 'verifeed-attacks');
const limit = isFirstVersion ? 'memory.limit_in_bytes' : 'memory.max';

/** Starts something whose processes have so much memory, by a control group of Linux, and know it from their start. */
export async function withMemory<T>(megabytes: number, start: () => Promise<T>): Promise<T> {
	const before = ownGroup();
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, limit), String(megabytes * 2 ** 20));
	// A child is born into the group of its parent.
	enter(folder);
	try {
		return await start();
	} finally {
		enter(before);
	}
}

/** Whether this machine lets us. */
export function canLimitMemory(): boolean {
	try {
		mkdirSync(folder, { recursive: true });
		return true;
	} catch {
		return false;
	}
}

function enter(group: string): void {
	writeFileSync(join(group, 'cgroup.procs'), String(process.pid));
}

function ownGroup(): string {
	const wanted = isFirstVersion ? /^\d+:memory:(.*)$/m : /^0::(.*)$/m;
	return join(root, wanted.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '');
}
