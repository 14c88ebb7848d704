import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { passwordOf, privateFolder } from '../../ops/services/folder.ts';
import { startMariadb } from '../../ops/services/mariadb.ts';
import type { RunningService } from '../../ops/services/service.ts';

export type MariadbPair = {
	primary: RunningService;
	replica: RunningService;
	/** Names both, with their credentials; the user may create databases. */
	url: string;
	/** Makes the replica the primary, once it has applied what it has received, as an operator does. */
	promote(): Promise<void>;
	stop(): Promise<void>;
};

const waiting = [
	...['--rpl-semi-sync-master-enabled=ON', '--rpl-semi-sync-master-wait-point=AFTER_SYNC'],
	// Not before there is a replica at all.
	...['--rpl-semi-sync-master-wait-no-slave=OFF', '--rpl-semi-sync-master-timeout=120000'],
];
const receiving = ['--rpl-semi-sync-slave-enabled=ON'];

/** Starts a MariaDB and its replica. A commit waits until the replica has received it (semi-synchronous). */
export async function startMariadbPair(folder: string): Promise<MariadbPair> {
	privateFolder(folder);
	const password = passwordOf(folder);
	const stack = new AsyncDisposableStack();
	const start = async (name: string, replication: string[]) => {
		const own = { password, mayCreateDatabases: true, throwAway: true, replication };
		const service = await startMariadb(join(folder, name), own);
		stack.defer(() => service.stop());
		return service;
	};
	try {
		const [primary, replica] = await Promise.all([
			start('primary', ['--server-id=1', '--log-bin=binlog', '--binlog-format=ROW', ...waiting]),
			start('replica', ['--server-id=2', '--skip-log-bin', '--read-only', ...receiving]),
		]);
		const { port } = new URL(primary.url);
		await onServer(replica.url, async (query) => {
			await query(`change master to master_host = '127.0.0.1', master_port = ${port},
				master_user = 'verifeed', master_password = '${password}', master_use_gtid = slave_pos`);
			await query('start slave');
		});
		const replicas = "show status like 'Rpl_semi_sync_master_clients'";
		await untilSome(primary.url, replicas, (row) => row['Value'] === '1');
		const hosts = [primary, replica].map(({ url }) => new URL(url).host).join(',');
		return {
			primary,
			replica,
			url: `mysql://verifeed:${password}@${hosts}/verifeed`,
			async promote() {
				await onServer(replica.url, (query) => query('stop slave io_thread'));
				await untilSome(replica.url, 'show slave status', applied);
				await onServer(replica.url, async (query) => {
					await query('stop slave');
					await query('set global read_only = 0');
				});
			},
			stop: () => stack.disposeAsync(),
		};
	} catch (error) {
		await stack.disposeAsync();
		throw error;
	}
}

type Row = Record<string, unknown>;
type Query = (sql: string) => Promise<Row[]>;

async function onServer<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
	const connection = await createConnection(url);
	try {
		return await work(async (sql) => {
			const [rows] = await connection.query(sql);
			return rows as Row[];
		});
	} finally {
		connection.destroy();
	}
}

function untilSome(url: string, sql: string, holds: (row: Row) => boolean): Promise<void> {
	return onServer(url, async (query) => {
		while (!(await query(sql)).some(holds)) await sleep(50);
	});
}

/** Whether a replica has done everything that it has received. */
function applied(status: Row): boolean {
	return (
		status['Master_Log_File'] === status['Relay_Master_Log_File'] &&
		status['Read_Master_Log_Pos'] === status['Exec_Master_Log_Pos']
	);
}
