import { createPool } from 'mysql2/promise';
import { type Downloaded, download } from './bare-download.ts';
import { write } from './bare-rows.ts';

/**
 * The floor of a worker: fetches, parses, compresses and writes the rows of every contract that was submitted, in
 * batches, with no queue, lease, limit, cache or event around it.
 */
const batchSize = 50;
const { MYSQL_URL = '', UPSTREAM_URL = '' } = process.env;
const pool = createPool({ uri: MYSQL_URL, timezone: 'Z', connectionLimit: 4 });
const [rows] = await pool.query("select address from contracts where status = 'CREATED'");
// What the query asks for.
const addresses = (rows as { address: Buffer }[]).map(({ address }) => address);
console.log(JSON.stringify({ message: 'working' }));

let writing: Promise<void> = Promise.resolve();
for (let at = 0; at < addresses.length; at += batchSize) {
	const batch = addresses.slice(at, at + batchSize);
	const downloaded: Downloaded[] = await Promise.all(
		batch.map((address) => download(UPSTREAM_URL, address)),
	);
	// While one batch is written the next one is fetched.
	await writing;
	writing = write(pool, downloaded);
}
await writing;
console.log(JSON.stringify({ message: 'done' }));
// Ended by whoever started it, which looks at its processor time first.
setInterval(() => {}, 1_000);
