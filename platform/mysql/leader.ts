import type { Connection, RowDataPacket } from 'mysql2/promise';
import { connectToPrimary, isPrimary } from './primary.ts';

/** Lets one process of all lead: the one that holds a lock of the database. */
interface Leadership {
	/** The connection to lead over; null while another process leads. Rejects where the database cannot be asked. */
	take(): Promise<Connection | null>;
	/** Leaves it to others, and what is being asked over its connection unanswered. */
	drop(): void;
}

interface LockRow extends RowDataPacket {
	got: number | null;
}

const timeout = 5_000;

/**
 * The lock goes with the connection that holds it: that of a process that is killed is free at once, and of one that
 * hangs after `silentMs`.
 */
export function createLeadership(url: string, name: string, silentMs: number): Leadership {
	let connection: Connection | null = null;
	let leads = false;

	function drop(): void {
		connection?.destroy();
		connection = null;
		leads = false;
	}

	async function connect(): Promise<Connection> {
		const fresh = await connectToPrimary(url, { timezone: 'Z', connectTimeout: timeout });
		// Lost at a moment when nothing is asked.
		fresh.on('error', () => {
			if (connection === fresh) drop();
		});
		await fresh.query(`set session wait_timeout = ${Math.ceil(silentMs / 1_000)}`);
		return fresh;
	}

	return {
		async take() {
			try {
				// A former primary that is still up would be read for ever, and its lock kept beside that of the new one.
				if (connection && !(await isPrimary(connection, url))) drop();
				connection ??= await connect();
				// Held already, it would be taken a second time.
				if (leads) return connection;
				// A lock's name is known to the whole server: the database has to be part of it.
				const lock = `concat('verifeed:${name}:', left(sha2(database(), 256), 32))`;
				const sql = `select get_lock(${lock}, 0) as got`;
				const [rows] = await connection.query<LockRow[]>({ sql, timeout });
				leads = rows[0]?.got === 1;
				return leads ? connection : null;
			} catch (error) {
				drop();
				throw error;
			}
		},
		drop,
	};
}
