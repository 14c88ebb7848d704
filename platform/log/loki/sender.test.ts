import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openPush } from './push.ts';
import { createSender } from './sender.ts';

test('it fails from the first attempt that did until one arrives', async () => {
	let status = 500;
	const loki = createServer((_, response) => response.writeHead(status).end());
	loki.listen(0, '127.0.0.1');
	await once(loki, 'listening');
	const url = `http://127.0.0.1:${(loki.address() as AddressInfo).port}`;
	const turned = { down: Promise.withResolvers<void>(), up: Promise.withResolvers<void>() };
	const sender = createSender(openPush(url, { service_name: 'server' }), {
		bounds: { entries: 100, bytes: 1_000_000 },
		batch: { entries: 10, bytes: 100_000 },
		gatherMs: 1,
		pauseMs: { first: 1, longest: 1 },
		tries: Number.POSITIVE_INFINITY,
		dropped() {},
		changed: (state) => turned[state].resolve(),
	});
	expect(sender.failing()).toBe(false);
	sender.push({ level: 'error', at: new Date(), line: '{}', metadata: {} });
	await turned.down.promise;
	expect([sender.failing(), sender.entries()]).toEqual([true, 1]);
	status = 204;
	await turned.up.promise;
	expect(sender.failing()).toBe(false);
	await sender.close(1_000);
	loki.close();
});
