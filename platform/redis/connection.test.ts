import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emit } from '../../domain/telemetry.ts';
import { startRedis } from '../../ops/services/redis.ts';
import type { RunningService } from '../../ops/services/service.ts';
import { openRedis } from './connection.ts';

let folder: string;
let service: RunningService;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'verifeed-heartbeat-'));
	service = await startRedis(folder);
});
afterAll(async () => {
	await service.stop();
	await rm(folder, { recursive: true, force: true });
});

test('both connections to a Redis that hangs are made anew, although nothing is asked of them', async () => {
	const silent: Emit = () => {};
	const redis = await openRedis(service.url, silent);
	const both = [redis.commands, redis.subscriber];
	const lost = both.map((connection) => once(connection, 'reconnecting'));
	await service.kill('SIGSTOP');
	await Promise.all(lost);
	await expect(redis.commands.get('anything')).rejects.toThrow();
	const back = both.map((connection) => once(connection, 'ready'));
	await service.kill('SIGCONT');
	await Promise.all(back);
	await expect(redis.commands.set('anything', '1')).resolves.toBe('OK');
	redis.close();
});
