import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../services/free-port.ts';
import { describeExit } from '../services/processes.ts';
import { SetupError } from '../services/setup-error.ts';
import type { Child, StartChild } from './children.ts';
import { keepRunning } from './keep-running.ts';
import { lastLines } from './ready.ts';
import type { Stages } from './stages.ts';

export type Emulator = {
	url: string;
	/** How many real contracts it serves. */
	contracts: number;
	gaveUp: Promise<string>;
};

/** Starts the bundled upstream on a free loopback port; it answers as Etherscan does. */
export async function startEmulator(
	startChild: StartChild,
	stages: Stages,
	say: (text: string) => void,
	signal: AbortSignal,
): Promise<Emulator> {
	const port = await freePort();
	const args = ['bench/emulator/main.ts', '--port', String(port), '--latency', '150-400'];
	const start = () => startChild('emulator', args, process.env);
	const child = await start();
	stages.add('emulator', child);
	await listening(child, signal);
	const kept = keepRunning('emulator', child, start, say);
	stages.add('emulator', kept);
	return {
		url: `http://127.0.0.1:${port}/v2/api`,
		contracts: countContracts(),
		gaveUp: kept.gaveUp,
	};
}

async function listening(child: Child, signal: AbortSignal): Promise<void> {
	const ended = child.exited.then(describeExit);
	while (!child.tail.some((line) => line.includes('listening on'))) {
		const exit = await Promise.race([ended, sleep(50)]);
		signal.throwIfAborted();
		if (exit) throw new SetupError(`the emulator ${exit}${lastLines(child)}`);
	}
}

function countContracts(): number {
	return JSON.parse(readFileSync('bench/emulator/catalogue.json', 'utf8')).length;
}
