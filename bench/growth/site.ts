import { Agent, request } from 'node:http';
import { type MySql, openMySql } from '../../platform/mysql/connection.ts';
import { createContractStore } from '../../platform/mysql/contract-store.ts';
import { openSystem, type ServerProcess, type System } from '../../test/harness/system.ts';
import type { GrownDatabase } from './databases.ts';
import { keysOf } from './rows.ts';
import { again } from './shape.ts';

/** The product over one of the databases. */
export interface Site {
	database: GrownDatabase;
	system: System;
	server: ServerProcess;
	/** As a worker or a command has them. */
	mysql: MySql;
	store: ReturnType<typeof createContractStore>;
	/** Asked for again and again. */
	hot: readonly Key[];
	/** Asked for once; each is taken out when it is. */
	cold: Key[];
	ask(query: string, variables: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface Key {
	chainId: number;
	address: string;
}

const coldKeys = 1_900;

export async function openSite(
	database: GrownDatabase,
	env: Record<string, string>,
	stack: AsyncDisposableStack,
): Promise<Site> {
	const system = stack.use(await openSystem({ env: { ...env, MYSQL_URL: database.url } }));
	const server = await system.server();
	const mysql = openMySql(database.url, { connections: 4, timeoutMs: 600_000 });
	stack.defer(() => mysql.close());
	const keys = await database.query<Key>(keysOf(database.contracts, again + coldKeys));
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	stack.defer(() => agent.destroy());
	return {
		...{ database, system, server, mysql, store: createContractStore(mysql) },
		...{ hot: keys.slice(0, again), cold: keys.slice(again) },
		ask: (query, variables) => post(agent, `${server.url}/graphql`, { query, variables }),
	};
}

async function post(agent: Agent, url: string, body: unknown): Promise<Record<string, unknown>> {
	const text = JSON.stringify(body);
	const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	const sent = request(url, { agent, method: 'POST', headers }, (response) => {
		const parts: Buffer[] = [];
		response.on('data', (part) => parts.push(part)).on('error', reject);
		response.on('end', () => resolve(Buffer.concat(parts).toString()));
	});
	sent.on('error', reject).end(text);
	const { data, errors } = JSON.parse(await promise);
	if (errors) throw new Error(`${JSON.stringify(body)} was refused: ${errors[0].message}`);
	return data;
}
