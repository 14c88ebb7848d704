import { type Fault, nothing } from './fault.ts';

/** What happens to Redis, its network not counted. */
export const redisFaults: readonly Fault[] = [
	{
		name: 'redis-restart',
		weight: 1,
		aim: (dice, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async strike() {
				await services.redis.restart('SIGTERM', dice.whole(0, 4_000));
				return nothing;
			},
		}),
	},
	{
		name: 'redis-kill',
		weight: 1,
		aim: (dice, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async strike() {
				await services.redis.restart('SIGKILL', dice.whole(0, 4_000));
				return nothing;
			},
		}),
	},
	{
		name: 'redis-freeze',
		weight: 1,
		aim: (dice, { services }) => ({
			on: ['redis'],
			lastsMs: dice.whole(1_000, 6_000),
			async strike() {
				const { current } = services.redis;
				await current.kill('SIGSTOP');
				return () => current.kill('SIGCONT');
			},
		}),
	},
	{
		name: 'redis-flush',
		weight: 1,
		aim: (_dice, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async strike() {
				await services.redisClient.flushall();
				return nothing;
			},
		}),
	},
	{
		name: 'redis-connections-killed',
		weight: 1,
		aim: (dice, { services }) => ({
			on: ['redis'],
			lastsMs: 0,
			async strike() {
				const type = dice.pick(['normal', 'pubsub']);
				await services.redisClient.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
				return nothing;
			},
		}),
	},
];
