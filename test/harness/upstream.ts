import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type EmulatorOptions, startEmulator } from '../../bench/emulator/emulator.ts';
import { type Address, parseAddress } from '../../domain/address.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { openCallLimits } from '../../platform/redis/call-limits.ts';
import { createEtherscanClient } from '../../sources/etherscan/client.ts';
import { createTurns, type Turns } from '../../sources/turns.ts';
import { createUpstream } from '../../sources/upstream.ts';

const never = new AbortController().signal;
export const addresses = [1, 2, 3, 4, 5, 6, 7, 8].map((digit) =>
	parseAddress(`0x${String(digit).repeat(40)}`),
);
export interface Options {
	keys?: string[];
	emulator?: EmulatorOptions;
	perSecond?: number;
	perDay?: number | null;
	breakerMs?: number;
}

/** One upstream as a worker has it, against the emulator and a real Redis. */
export async function openUpstream(redis: Redis, options: Options = {}) {
	const emulator = await startEmulator(options.emulator ?? {});
	for (const address of addresses) {
		emulator.put(1, address, { SourceCode: 'contract T {}', ContractName: 'T' });
	}
	const seen: string[] = [];
	const emit: Emit = (event) => {
		if (event.type === 'upstream.key-suspended') seen.push(`${event.account} ${event.state}`);
		if (event.type === 'upstream.breaker') seen.push(event.state);
	};
	const limits = await openCallLimits(redis, { processes: () => 1, close() {} }, emit);
	const keys = (options.keys ?? ['a:one']).map((text) => {
		const [account = '', key = ''] = text.split(':');
		return { account, key };
	});
	const { url } = emulator;
	const client = createEtherscanClient({ url, secrets: [], maxSourceBytes: 1_000_000 });
	const { perSecond = 1000, perDay = null, breakerMs = 3_600_000 } = options;
	const turns = createTurns('etherscan', { keys, perSecond, perDay }, limits, emit);
	let taken = 0;
	const counted: Turns = {
		...turns,
		async take(patienceMs, signal) {
			const turn = await turns.take(patienceMs, signal);
			taken += 1;
			return turn;
		},
	};
	const upstream = createUpstream(
		client,
		counted,
		limits,
		{
			limits: { timeoutMs: 20_000, maxBytes: 1_000_000 },
			...{ breakerFailures: 3, breakerMs, patienceMs: { before: 30_000, begun: 5_000 } },
		},
		emit,
	);
	return {
		emulator,
		seen,
		turnsTaken: () => taken,
		/** Another download of an address; `mine`: whether the job is still this worker's; `lateMs`: its claim takes long. */
		async fetch(address: Address, { mine = true, lateMs = 0 } = {}) {
			const turn = await upstream.takeTurn('before', never);
			if (lateMs > 0) await sleep(lateMs);
			if (mine) return upstream.fetch({ chainId: 1, address }, turn, never);
			turn.giveBack();
			return null;
		},
		async [Symbol.asyncDispose]() {
			limits.close();
			await emulator.close();
		},
	};
}
