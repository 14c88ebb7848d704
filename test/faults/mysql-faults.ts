import type { FaultKind } from './fault.ts';
import { nothing } from './fault.ts';

const tables = ['contracts', 'contract_events', 'contract_sources', 'source_blobs'] as const;

/** What happens to the database, its network not counted. */
export const mysqlFaults: readonly FaultKind[] = [
	{
		name: 'mysql-restart',
		weight: 1,
		plan: (random, { services }) => ({
			on: ['mysql'],
			lastsMs: 0,
			async inject() {
				await services.mysql.restart('SIGTERM', random.whole(0, 3_000));
				return nothing;
			},
		}),
	},
	{
		name: 'mysql-kill',
		weight: 1,
		plan: (random, { services }) => ({
			on: ['mysql'],
			lastsMs: 0,
			async inject() {
				await services.mysql.restart('SIGKILL', random.whole(0, 3_000));
				return nothing;
			},
		}),
	},
	{
		name: 'mysql-freeze',
		weight: 1,
		plan: (random, { services }) => ({
			on: ['mysql'],
			lastsMs: random.whole(2_000, 8_000),
			async inject() {
				const { current } = services.mysql;
				await current.kill('SIGSTOP');
				return () => current.kill('SIGCONT');
			},
		}),
	},
	{
		name: 'mysql-read-only',
		weight: 1,
		plan: (random, { services: { database } }) => ({
			on: ['mysql'],
			lastsMs: random.whole(2_000, 8_000),
			async inject() {
				await database.query('set global read_only = 1');
				return async () => {
					await database.query('set global read_only = 0');
				};
			},
		}),
	},
	{
		name: 'mysql-connections-killed',
		weight: 1,
		plan: (_random, { services: { database } }) => ({
			on: ['mysql'],
			lastsMs: 0,
			async inject() {
				await database.query(`kill user '${database.user.name}'@'127.0.0.1'`);
				return nothing;
			},
		}),
	},
	{
		// Simulated: each insert into one table is refused as a server does whose disk is full.
		name: 'mysql-disk-full',
		weight: 1,
		plan(random, { services: { database } }) {
			const table = random.pick(tables);
			const errno = random.pick([1021, 1114]);
			return {
				on: ['mysql'],
				text: `error ${errno} at ${table}`,
				lastsMs: random.whole(2_000, 6_000),
				async inject() {
					await database.query(
						`create trigger disk_full before insert on ${table} for each row
						signal sqlstate 'HY000' set mysql_errno = ${errno}, message_text = 'Disk full'`,
					);
					return async () => {
						await database.query('drop trigger if exists disk_full');
					};
				},
			};
		},
	},
];
