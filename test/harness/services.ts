import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { migrateDatabase } from '../../ops/migrate-database.ts';

function given(name: string): string {
	const value = process.env[name];
	if (!value)
		throw new Error(`${name} is not set: run the tests by npm test, which starts the services`);
	return value;
}

export interface TestDatabase {
	url: string;
	query<T>(sql: string, values?: unknown[]): Promise<T[]>;
	drop(): Promise<void>;
}

/** A migrated database of its own on the shared server. */
export async function createDatabase(): Promise<TestDatabase> {
	const url = new URL(given('TEST_MYSQL_URL'));
	const name = `verifeed_${randomBytes(6).toString('hex')}`;
	const connection = await createConnection({ uri: url.href, timezone: 'Z' });
	await connection.query(`create database ${name}`);
	await connection.query(`use ${name}`);
	url.pathname = `/${name}`;
	await migrateDatabase(url.href);
	return {
		url: url.href,
		async query<T>(sql: string, values: unknown[] = []) {
			const [rows] = await connection.query(sql, values);
			return rows as T[];
		},
		async drop() {
			await connection.query(`drop database ${name}`);
			await connection.end();
		},
	};
}

export interface TestVhost {
	url: string;
	/** Calls the broker's management interface; the path is relative to /api/. */
	api<T>(method: string, path: string, body?: unknown): Promise<T | null>;
	name: string;
	/** Makes it anew, empty, after a drop. */
	make(): Promise<void>;
	drop(): Promise<void>;
}

/** A virtual host of its own on the shared broker. */
export async function createVhost(): Promise<TestVhost> {
	const management = new URL(given('TEST_RABBITMQ_MANAGEMENT_URL'));
	const url = new URL(given('TEST_RABBITMQ_URL'));
	const name = `verifeed-${randomBytes(6).toString('hex')}`;
	const user = decodeURIComponent(management.username);
	const password = decodeURIComponent(management.password);
	const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

	async function api<T>(method: string, path: string, body?: unknown): Promise<T | null> {
		const response = await fetch(new URL(`/api/${path}`, management.origin), {
			method,
			headers: { authorization, 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
		const text = await response.text();
		return text === '' ? null : (JSON.parse(text) as T);
	}

	async function make(): Promise<void> {
		await api('PUT', `vhosts/${name}`);
		await api('PUT', `permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
	}

	await make();
	url.pathname = `/${name}`;
	return {
		url: url.href,
		name,
		api,
		make,
		async drop() {
			await api('DELETE', `vhosts/${name}`);
		},
	};
}
