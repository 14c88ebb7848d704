import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../ops/run/run.ts';
import { startMariadb } from '../../ops/services/mariadb.ts';
import { startRabbitmq } from '../../ops/services/rabbitmq.ts';
import { endEarlier } from '../../ops/services/service.ts';

/** MariaDB and RabbitMQ as the tests have them, passed on in the same way; each run of a load has a part of its own there. */
export async function startServices(
	{ folder, signal }: Run,
	stack: AsyncDisposableStack,
): Promise<Record<string, number>> {
	for (const name of ['mariadb', 'rabbitmq']) {
		await endEarlier(join(folder, name));
		rmSync(join(folder, name), { recursive: true, force: true });
	}
	const rabbitmq = await startRabbitmq(join(folder, 'rabbitmq'), { signal });
	stack.defer(() => rabbitmq.stop());
	const options = { mayCreateDatabases: true, throwAway: true, signal };
	const mariadb = await startMariadb(join(folder, 'mariadb'), options);
	stack.defer(() => mariadb.stop());
	process.env['TEST_RABBITMQ_URL'] = rabbitmq.url;
	process.env['TEST_RABBITMQ_MANAGEMENT_URL'] = rabbitmq.managementUrl;
	process.env['TEST_MYSQL_URL'] = mariadb.url;
	return { MariaDB: mariadb.pid, RabbitMQ: rabbitmq.pid };
}
