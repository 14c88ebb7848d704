import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type EmulatorOptions, startEmulator } from '../../bench/emulator/emulator.ts';
import { type Address, parseAddress } from '../../domain/address.ts';
import type { Emit } from '../../domain/telemetry.ts';
import { openCallLimits } from '../../platform/redis/call-limits.ts';
import { accountsOf } from '../../sources/accounts.ts';
import { createEtherscanClient } from '../../sources/etherscan/client.ts';
import { createMember } from '../../sources/member.ts';
import { createTurns } from '../../sources/turns.ts';

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
export async function openMember(redis: Redis, options: Options = {}) {
	const emulator = await startEmulator(options.emulator ?? {});
	for (const address of addresses) {
		emulator.put(1, address, { SourceCode: 'contract T {}', ContractName: 'T' });
	}
	const told: string[] = [];
	const emit: Emit = (event) => {
		if (event.type === 'upstream.key-suspended') told.push(`${event.account} ${event.state}`);
		if (event.type === 'upstream.breaker') told.push(event.state);
	};
	const limits = await openCallLimits(redis, { processes: () => 1, close() {} }, emit);
	const keys = (options.keys ?? ['a:one']).map((text) => {
		const [account = '', key = ''] = text.split(':');
		return { account, key };
	});
	const client = createEtherscanClient({
		url: emulator.url,
		secrets: [],
		timeoutMs: 20_000,
		maxBytes: 1_000_000,
		maxSourceBytes: 1_000_000,
	});
	const { perSecond = 1000, perDay = null, breakerMs = 3_600_000 } = options;
	const accounts = accountsOf('etherscan', keys);
	const turns = createTurns({ upstream: 'Etherscan', accounts, perSecond, perDay }, limits);
	const patienceMs = { before: 30_000, begun: 5_000 };
	const member = createMember(
		client,
		turns,
		limits,
		{ breakerFailures: 3, breakerMs, patienceMs },
		emit,
	);
	let begun = 0;
	return {
		emulator,
		told,
		begun: () => begun,
		/** Another download of an address; `mine`: whether the job is still this worker's; `lateMs`: its claim takes long. */
		fetch: (address: Address, { mine = true, lateMs = 0 } = {}) =>
			member.fetch(
				{
					key: { chainId: 1, address },
					ruledOut: [],
					async begin() {
						begun += 1;
						if (lateMs > 0) await sleep(lateMs);
						return mine;
					},
				},
				false,
				never,
			),
		async [Symbol.asyncDispose]() {
			limits.close();
			await emulator.close();
		},
	};
}
