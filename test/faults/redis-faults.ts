import { type FaultKind, nothing } from './fault.ts';

/** What happens to Redis, its network not counted. */
export const redisFaults: readonly FaultKind[] = [
	{
		name: 'redis-restart',
		weight: 1,
		plan: (random, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async inject() {
				await services.redis.restart('SIGTERM', random.whole(0, 4_000));
				return nothing;
			},
		}),
	},
	{
		name: 'redis-kill',
		weight: 1,
		plan: (random, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async inject() {
				await services.redis.restart('SIGKILL', random.whole(0, 4_000));
				return nothing;
			},
		}),
	},
	{
		name: 'redis-freeze',
		weight: 1,
		plan: (random, { services }) => ({
			on: ['redis'],
			lastsMs: random.whole(1_000, 6_000),
			async inject() {
				const { current } = services.redis;
				await current.kill('SIGSTOP');
				return () => current.kill('SIGCONT');
			},
		}),
	},
	{
		name: 'redis-flush',
		weight: 1,
		plan: (_random, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async inject() {
				await services.redisClient.flushall();
				return nothing;
			},
		}),
	},
	{
		name: 'redis-connections-killed',
		weight: 1,
		plan: (random, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async inject() {
				const type = random.pick(['normal', 'pubsub']);
				await services.redisClient.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
				return nothing;
			},
		}),
	},
];
