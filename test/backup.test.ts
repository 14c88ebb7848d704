import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { findProgram } from '../ops/services/programs.ts';
import { runAdmin } from './harness/admin.ts';
import { all, ask, watch, watchMany, watchOne } from './harness/client.ts';
import { verified } from './harness/contracts.ts';
import { own, systemTest } from './harness/fixture.ts';
import type { System } from './harness/system.ts';

const submit = `mutation ($addresses: [Address!]!) { submitContracts(addresses: $addresses) { version } }`;
const refresh = `mutation ($address: Address!) { submitContract(address: $address, refresh: true) { version } }`;
const read = `query ($address: Address!) {
	contract(address: $address) { status version source { hash files { content } } }
	cachedContract(address: $address) { status version }
}`;

interface Read {
	contract: { status: string; version: number; source: { files: { content: string }[] } | null };
	cachedContract: { status: string; version: number };
}

const test = systemTest().extend(
	'folder',
	{ scope: 'file' },
	own(
		() => mkdtemp(join(tmpdir(), 'verifeed-backup-')),
		(folder) => rm(folder, { recursive: true, force: true }),
	),
);

const sources = new Map<string, string>();

function many(system: System, count: number): string[] {
	return Array.from({ length: count }, () => {
		const source = `// ${sources.size} "\\' \u0000 é 😀\r\ncontract T {}\n`;
		const address = verified(system.emulator, source);
		sources.set(address, source);
		return address;
	});
}

const admin = (system: System, ...args: string[]) => runAdmin(system, args);
const readAll = (url: string, addresses: readonly string[]) =>
	Promise.all(addresses.map(async (address) => (await ask<Read>(url, read, { address })).data));
const missing = !findProgram('mariadb-dump') && !findProgram('mysqldump');

test.skipIf(missing)(
	'a backup taken under load brings a wrecked database back',
	{ timeout: 180_000 },
	async ({ system, folder }) => {
		const file = join(folder, 'backup.sql.zst');
		const server = await system.server();
		// The lease outlives the backup, however slow the machine.
		const worker = await system.worker({ LEASE_MS: '600000' });
		const [finished, loaded, held] = [many(system, 30), many(system, 60), many(system, 1)];
		const [address = ''] = finished;
		// Each attempt anew, should a slow machine lose the first.
		const grips = Array.from({ length: 8 }, () => system.emulator.hold(1, held[0] ?? ''));
		await ask(server.url, submit, { addresses: [...finished, ...held] });
		await all(watch('ws', server.url, watchMany, { addresses: finished }));
		await grips[0]?.arrived;
		const before = await readAll(server.url, finished);
		// Submissions and downloads go on while the dump is written.
		const load = ask(server.url, submit, { addresses: loaded });
		expect((await admin(system, 'backup', file)).code).toBe(0);
		await load;
		await all(watch('ws', server.url, watchMany, { addresses: loaded }));
		// After the backup, so that cache and subscribers know of later versions.
		await ask(server.url, refresh, { address });
		await all(watch('ws', server.url, watchOne, { address, afterVersion: 4 }));
		await readAll(server.url, [address]);

		const inUse = await admin(system, 'restore', file);
		expect(inUse).toMatchObject({ code: 2, stderr: expect.stringContaining('stop server and') });
		worker.signal('SIGKILL');
		await worker.exit;
		for (const grip of grips) grip.release();
		await server.stop();
		await system.database.query(`drop database ${databaseName(system)}`);
		await system.database.query(`create database ${databaseName(system)}`);
		const restored = await admin(system, 'restore', file, '--json');
		expect(restored).toMatchObject({ code: 0 });
		const { byStatus } = restored.json<{ byStatus: Record<string, number> }>();
		expect(byStatus['PROCESS']).toBeGreaterThanOrEqual(1);
		expect(byStatus['SUCCESS']).toBeGreaterThanOrEqual(30);
		await system.database.query(`use ${databaseName(system)}`);
		// The killed worker's leases end.
		await system.database.query(
			`update contracts set due_at = utc_timestamp(3) where due_at is not null`,
		);

		const [again, other] = [await system.server(), await system.worker()];
		const late = watch('ws', again.url, watchOne, { address, afterVersion: 6 });
		expect(await all(late)).toMatchObject([{ version: 3, status: 'SUCCESS' }]);
		expect(await readAll(again.url, finished)).toEqual(before);
		const rows = await system.database.query<{ address: string }>(
			`select concat('0x', lower(hex(address))) as address from contracts`,
		);
		const kept = [...sources.keys()].filter((one) =>
			rows.some((row) => row.address === one.toLowerCase()),
		);
		expect(kept).toHaveLength(rows.length);
		await all(watch('ws', again.url, watchMany, { addresses: kept }));
		const found = await readAll(again.url, kept);
		expect(found.map(({ contract }) => contract.source?.files[0]?.content)).toEqual(
			kept.map((one) => sources.get(one)),
		);
		expect(kept).toEqual(expect.arrayContaining([...finished, ...held]));
		await other.stop();
		await again.stop();

		await system.database.query('use information_schema');
		// One after the other: each would refuse because of the other's connection.
		const refused = await admin(system, 'restore', file);
		const unasked = await admin(system, 'restore', file, '--replace');
		expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--replace') });
		expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
		const replaced = await admin(system, 'restore', file, '--replace', '--yes', '--json');
		expect(replaced.json()).toMatchObject({ byStatus });

		await system.database.query(`create table ${databaseName(system)}.orders (id int)`);
		const foreign = await admin(system, 'restore', file, '--replace', '--yes');
		expect(foreign).toMatchObject({ code: 2, stderr: expect.stringContaining('orders') });
	},
);

function databaseName(system: System): string {
	return new URL(system.env['MYSQL_URL'] ?? '').pathname.slice(1);
}
