import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { downloadQueue } from '../../platform/rabbitmq/queues.ts';
import { type FaultKind, nothing } from './fault.ts';
import type { Services } from './services.ts';

/**
 * RabbitMQ 3.10 that is killed by SIGKILL in the first seconds of a quorum queue's life comes back with a
 * queue that never confirms: see docs/known-limits.md. The harness spares it that.
 */
const youngMs = 6_000;
let bornAt = Number.NEGATIVE_INFINITY;

async function oldEnough(services: Services): Promise<void> {
	await queueThere(services);
	const ageMs = performance.now() - bornAt;
	if (ageMs < youngMs) await sleep(youngMs - ageMs);
}

/** Resolves when the processes have declared the queue. */
async function queueThere({ broker }: Services): Promise<void> {
	const there = () =>
		broker('GET', `queues/%2F/${downloadQueue}`).then(
			() => true,
			() => false,
		);
	for (let tries = 0; tries < 100 && !(await there()); tries += 1) {
		bornAt = performance.now();
		await sleep(200);
	}
}

/** What happens to the broker, its network not counted. */
export const rabbitmqFaults: readonly FaultKind[] = [
	{
		name: 'rabbitmq-restart',
		weight: 0.7,
		plan: (random, { services }) => ({
			on: ['rabbitmq'],
			lastsMs: 0,
			async inject() {
				await services.rabbitmq.restart('SIGTERM', random.whole(0, 3_000));
				return () => queueThere(services);
			},
		}),
	},
	{
		name: 'rabbitmq-kill',
		weight: 0.7,
		plan: (random, { services }) => ({
			on: ['rabbitmq'],
			lastsMs: 0,
			async inject() {
				await oldEnough(services);
				await services.rabbitmq.restart('SIGKILL', random.whole(0, 3_000));
				return () => queueThere(services);
			},
		}),
	},
	{
		name: 'rabbitmq-freeze',
		weight: 0.7,
		plan: (random, { services }) => ({
			on: ['rabbitmq'],
			lastsMs: random.whole(2_000, 8_000),
			async inject() {
				const { current } = services.rabbitmq;
				await current.kill('SIGSTOP');
				return () => current.kill('SIGCONT');
			},
		}),
	},
	{
		name: 'rabbitmq-purge',
		weight: 1,
		plan: (_random, { services }) => ({
			on: ['rabbitmq'],
			lastsMs: 0,
			async inject() {
				await services.broker('DELETE', `queues/%2F/${downloadQueue}/contents`).catch(() => {});
				return nothing;
			},
		}),
	},
	{
		name: 'rabbitmq-queue-deleted',
		weight: 0.5,
		plan: (_random, { services }) => ({
			on: ['rabbitmq'],
			lastsMs: 0,
			async inject() {
				await services.broker('DELETE', `queues/%2F/${downloadQueue}`).catch(() => {});
				bornAt = performance.now();
				return () => queueThere(services);
			},
		}),
	},
	{
		name: 'rabbitmq-wipe',
		weight: 0.5,
		plan: (random, { services }) => ({
			on: ['rabbitmq'],
			lastsMs: 0,
			async inject() {
				const wipe = () =>
					rmSync(join(services.folderOf('rabbitmq'), 'data'), { recursive: true, force: true });
				await services.rabbitmq.restart('SIGKILL', random.whole(0, 2_000), wipe);
				bornAt = performance.now();
				return () => queueThere(services);
			},
		}),
	},
];
