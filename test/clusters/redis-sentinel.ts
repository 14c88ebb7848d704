import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { passwordOf, portOf, privateFolder, writePrivate } from '../../ops/services/folder.ts';
import { findProgram } from '../../ops/services/programs.ts';
import { pingRedis, startRedis } from '../../ops/services/redis.ts';
import { endEarlier, type RunningService, startService } from '../../ops/services/service.ts';

export type RedisSentinelSet = {
	/** The first is the primary until a fail-over. */
	servers: readonly RunningService[];
	/** Names the Sentinels and their master, with its credentials. */
	url: string;
	stop(): Promise<void>;
};

const master = 'verifeed';

/** Starts a primary, two replicas, and three Sentinels that notice a loss within a second. */
export async function startRedisSentinel(folder: string): Promise<RedisSentinelSet> {
	privateFolder(folder);
	const stack = new AsyncDisposableStack();
	const password = passwordOf(folder);
	const started = <T extends RunningService>(service: T): T => {
		stack.defer(() => service.stop());
		return service;
	};
	try {
		const auth = [`masterauth ${password}`, 'repl-diskless-sync-delay 0'];
		const primary = started(
			await startRedis(join(folder, 'server-1'), { password, settings: auth }),
		);
		const { port } = new URL(primary.url);
		const settings = [...auth, `replicaof 127.0.0.1 ${port}`];
		const replicas = await Promise.all(
			[2, 3].map(async (number) => {
				return started(await startRedis(join(folder, `server-${number}`), { password, settings }));
			}),
		);
		const sentinels = await Promise.all(
			[1, 2, 3].map(async (number) => {
				return started(await startSentinel(join(folder, `sentinel-${number}`), port, password));
			}),
		);
		await Promise.all(sentinels.map(({ url }) => untilComplete(url)));
		const hosts = sentinels.map(({ url }) => new URL(url).host).join(',');
		return {
			servers: [primary, ...replicas],
			url: `redis+sentinel://:${password}@${hosts}/${master}`,
			stop: () => stack.disposeAsync(),
		};
	} catch (error) {
		await stack.disposeAsync();
		throw error;
	}
}

async function startSentinel(folder: string, primary: string, password: string) {
	privateFolder(folder);
	await endEarlier(folder);
	const port = await portOf(folder, 'port');
	const settings = [
		...['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, 'dir ./'],
		`sentinel monitor ${master} 127.0.0.1 ${primary} 2`,
		`sentinel auth-pass ${master} ${password}`,
		`sentinel down-after-milliseconds ${master} 1000`,
		`sentinel failover-timeout ${master} 10000`,
	];
	// It writes into the file what it learns, and starts from nothing here.
	writePrivate(folder, 'sentinel.conf', `${settings.join('\n')}\n`);
	const url = `redis://:${password}@127.0.0.1:${port}`;
	return startService({
		name: 'Redis Sentinel',
		folder,
		url,
		command: findProgram('redis-server') ?? 'redis-server',
		args: ['./sentinel.conf', '--sentinel'],
		ping: () => pingRedis(url),
		stopWithinMs: 5_000,
	});
}

/** The Sentinels have to know each other and both replicas before they can do anything. */
async function untilComplete(url: string): Promise<void> {
	const sentinel = new Redis(url);
	try {
		for (;;) {
			const answer = (await sentinel.call('sentinel', 'master', master)) as string[];
			const value = (name: string) => answer[answer.indexOf(name) + 1];
			if (value('num-other-sentinels') === '2' && value('num-slaves') === '2') return;
			await sleep(50);
		}
	} finally {
		sentinel.disconnect();
	}
}
