import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { claimPort, freePort } from './ports.ts';
import { SetupError } from './setup-error.ts';

/** Makes a folder that only its owner can look into. */
export function privateFolder(folder: string): void {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Writes a file that only its owner can read, whatever it was before. */
export function writePrivate(folder: string, name: string, content: string): void {
	writeFileSync(join(folder, name), content, { mode: 0o600 });
}

/** The folder's own random password, made once. */
export function passwordOf(folder: string, name = 'password'): string {
	const kept = readKept(folder, name);
	if (kept) return kept;
	const password = randomBytes(24).toString('hex');
	writePrivate(folder, name, `${password}\n`);
	return password;
}

/**
 * The folder's own loopback port of that name: chosen at the first start and kept, chosen anew when another
 * program has taken it. `wanted` fixes it: then a taken one is an error.
 */
export async function portOf(folder: string, name: string, wanted?: number): Promise<number> {
	const owner = ownerOf(folder, name);
	const kept = wanted ?? Number(readKept(folder, name));
	if (kept && (await claimPort(kept, owner))) {
		if (wanted) writePrivate(folder, name, `${wanted}\n`);
		return kept;
	}
	if (wanted) throw new SetupError(`port ${wanted} is taken by another program`);
	const port = await freePort();
	await claimPort(port, owner);
	writePrivate(folder, name, `${port}\n`);
	return port;
}

/** As `portOf`, and where nothing is kept yet the well-known one when it is free. */
export async function preferredPortOf(folder: string, wellKnown: number): Promise<number> {
	const kept = keptPort(folder, 'port') ?? wellKnown;
	return portOf(
		folder,
		'port',
		(await claimPort(kept, ownerOf(folder, 'port'))) ? kept : undefined,
	);
}

function ownerOf(folder: string, name: string): string {
	return join(resolve(folder), name);
}

/** The port that `portOf` has chosen there, whoever runs on it. */
export function keptPort(folder: string, name: string): number | undefined {
	return Number(readKept(folder, name)) || undefined;
}

function readKept(folder: string, name: string): string | undefined {
	try {
		return readFileSync(join(folder, name), 'utf8').trim() || undefined;
	} catch {
		return undefined;
	}
}
