import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { schema } from '../../schema/schema.ts';
import { ask } from '../harness/client.ts';
import { memoryOf } from '../harness/memory.ts';
import { makeBytes, sendBytes } from './bytes.ts';
import { madeOf } from './choices.ts';
import { makeRequest } from './document.ts';
import type { FuzzSystem } from './fuzz-system.ts';
import { makeMessage, sendMessage } from './messages.ts';
import { overHttp, overWebSocket } from './operations.ts';
import { badRows } from './rows.ts';
import { openSocket, type Socket } from './socket.ts';

/** How many of each kind are sent. */
export interface Counts {
	documents: number;
	bytes: number;
	messages: number;
}

/** For one kind in one round, and for making what broke something simpler. */
const longestMs = 60_000;

/** Sends random things of each kind; rejects with the simplest that broke something, and with the seed. */
export async function fuzzRound(fuzzed: FuzzSystem, seed: number, counts: Counts): Promise<void> {
	const { server, known, places, tally } = fuzzed;
	const run = <T>(made: fc.Arbitrary<T>, numRuns: number, send: (one: T) => Promise<string>) =>
		fc.assert(
			fc.asyncProperty(made, async (one) => {
				const outcome = await send(one);
				tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
				await fuzzed.isWell();
			}),
			{ seed, numRuns, interruptAfterTimeLimit: longestMs },
		);

	const requests = fc.record({
		request: madeOf((choices) => makeRequest(schema, known, choices)),
		often: fc.nat({ max: 7 }).map((n) => n === 0),
	});
	let socket: Socket | null = null;
	await run(requests, counts.documents, async ({ request, often }) => {
		const outcome = await overHttp(server.url, request, often);
		socket ??= await openSocket(server.url);
		try {
			await overWebSocket(socket, request);
		} catch (error) {
			socket = null;
			throw error;
		}
		return `${request.kind}: ${outcome}`;
	});
	(socket as Socket | null)?.close();

	const sent = madeOf((choices) => makeBytes(known, choices));
	await run(sent, counts.bytes, (one) => sendBytes(fuzzed.portOf(one.port), one));

	// What changes while it is read twice proves nothing.
	await settled(fuzzed);
	const messages = fc.array(
		madeOf((choices) => makeMessage(known, choices)),
		{ minLength: 1, maxLength: 5 },
	);
	await run(messages, counts.messages, async (several) => {
		for (const message of several) await sendMessage(places, message);
		await fuzzed.untilDrained();
		await stillAnswers(fuzzed);
		return 'messages';
	});
}

/** What the cache and the feed hold may be anything: an answer is right, and a change gets through. */
async function stillAnswers({ server, known }: FuzzSystem): Promise<void> {
	const query = `query ($address: Address!) { contract(address: $address) { version } cachedContract(address: $address) { version } }`;
	for (const address of known.contracts) {
		interface Both {
			contract: { version: number };
			cachedContract: { version: number };
		}
		const { data, errors } = await ask<Both>(server.url, query, { address });
		if (errors || data.contract.version !== data.cachedContract.version) {
			throw new Error(`the cache answers ${JSON.stringify({ data, errors })} for ${address}`);
		}
	}
}

/** What is wrong when nothing is under way any more. */
export async function wrongAtTheEnd(fuzzed: FuzzSystem): Promise<string[]> {
	await settled(fuzzed);
	await fuzzed.isWell();
	return badRows(fuzzed.system.database);
}

/** Resolves when every contract is finished. */
async function settled({ system }: FuzzSystem): Promise<void> {
	const unfinished = 'select count(*) n from contracts where due_at is not null';
	const until = performance.now() + 60_000;
	for (;;) {
		const [row] = await system.database.query<{ n: number }>(unfinished);
		if (Number(row?.n) === 0) return;
		if (performance.now() > until) throw new Error(`${row?.n} contracts are never finished`);
		await sleep(100);
	}
}

export interface Used {
	server: number;
	worker: number;
}

/** Bytes in use by each process once its garbage has been collected. */
export async function usedBy({ server, worker }: FuzzSystem): Promise<Used> {
	const [one, other] = await Promise.all([memoryOf(server), memoryOf({ ...worker, url: '' })]);
	return { server: one.used, worker: other.used };
}
