import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../ops/run/run.ts';
import { startMariadb } from '../../ops/services/mariadb.ts';
import { startRabbitmq } from '../../ops/services/rabbitmq.ts';
import { endEarlier } from '../../ops/services/service.ts';

/**
 * MariaDB and RabbitMQ, passed on in the way of the tests; their process ids. Each system that is measured has a database,
 * a virtual host and a Redis of its own. `throwAway`: MariaDB writes its log to disk once a second, as in the tests, and
 * not at each commit.
 */
export async function startServices(
	{ folder, signal }: Run,
	stack: AsyncDisposableStack,
	{ throwAway = false } = {},
): Promise<Record<string, number>> {
	for (const name of ['mariadb', 'rabbitmq']) {
		await endEarlier(join(folder, name));
		rmSync(join(folder, name), { recursive: true, force: true });
	}
	const rabbitmq = await startRabbitmq(join(folder, 'rabbitmq'), { signal });
	stack.defer(() => rabbitmq.stop());
	const options = { mayCreateDatabases: true, throwAway, signal };
	const mariadb = await startMariadb(join(folder, 'mariadb'), options);
	stack.defer(() => mariadb.stop());
	process.env['TEST_RABBITMQ_URL'] = rabbitmq.url;
	process.env['TEST_RABBITMQ_MANAGEMENT_URL'] = rabbitmq.managementUrl;
	process.env['TEST_MYSQL_URL'] = mariadb.url;
	return { MariaDB: mariadb.pid, RabbitMQ: rabbitmq.pid };
}
