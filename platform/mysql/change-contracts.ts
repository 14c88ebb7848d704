import { type Contract, type ContractKey, keyText } from '../../domain/contract.ts';
import type { ContractStore } from '../../domain/ports.ts';
import { sourceDescriptions } from '../../domain/source.ts';
import { above, type Change, type Decide, traced } from '../../domain/transitions.ts';
import { type TraceParent, traceParent } from '../telemetry/tracing/spans.ts';
import { changesAtOnce, type MySql } from './connection.ts';
import { type Floors, floorOf, floorsOf, selectFloors } from './first-versions.ts';
import { createGather } from './gather.ts';
import { insertion } from './insertion.ts';
import { lockedContract, lockingSelect } from './locking.ts';
import type { Lent } from './pool.ts';
import { hasCode, isOutage } from './primary.ts';
import { distinct, inOrder, rowOf, rowOfEvent } from './rows.ts';
import { beginning } from './statement.ts';
import { contractEvents, contractSources, contracts } from './tables.ts';

type Changes = (Change | null)[];
type ChangeContracts = ContractStore['changeContracts'];
type Writer = MySql['writer'];

/** What was asked for together: all of it is changed, or nothing. */
interface Asked {
	keys: readonly ContractKey[];
	decide: Decide;
	trace: TraceParent | null;
	/** Nobody had submitted them a moment ago. */
	areNew: boolean;
}

/** Together they wait for longer than a process that was stopped may keep its locks. */
const tries = 20;
/** Somebody else inserted the row first, or both waited for each other. */
const races = ['ER_DUP_ENTRY', 'ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'];

/** More transactions at once gain nothing. */
const groups = { atOnce: changesAtOnce, most: 100 };

/**
 * Changes contracts under lock, and their events with them, or nothing at all; in the order asked. What is asked while
 * other changes are being committed shares the next transaction, and a failure of one stays its own.
 */
export function createChangeContracts(writer: Writer): ChangeContracts {
	const gathered = createGather((asked: Asked[]) => changeGroup(writer, asked), groups);
	return (keys, decide, { areNew = false } = {}) =>
		gathered({ keys, decide, trace: traceParent(), areNew });
}

async function changeGroup(writer: Writer, asked: readonly Asked[]): Promise<Promise<Changes>[]> {
	let group = asked;
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await inTransaction(writer, (connection) => change(connection, group));
		} catch (error) {
			// Only one of them waits for a lock that somebody keeps; the others are not to wait with it.
			const isHeldUp = asked.length > 1 && hasCode(error, ['ER_LOCK_WAIT_TIMEOUT']);
			if (hasCode(error, races) && attempt < tries && !isHeldUp) {
				// Somebody was faster: now they have to be looked at.
				group = asked.map((one) => ({ ...one, areNew: false }));
				continue;
			}
			if (asked.length === 1 || (isOutage(error) && !isHeldUp)) throw error;
			// One of them is to blame, and which one is not known.
			return asked.map((one) => changeAlone(writer, one));
		}
	}
}

async function changeAlone(writer: Writer, asked: Asked): Promise<Changes> {
	const [changes] = await changeGroup(writer, [asked]);
	if (!changes) throw new Error('what was asked for alone has no answer');
	return changes;
}

/** Rolled back where it fails; `work` commits it with its last statement. */
async function inTransaction<T>(
	writer: Writer,
	work: (connection: Lent) => Promise<T>,
): Promise<T> {
	const connection = await writer.getConnection();
	try {
		return await work(connection);
	} catch (error) {
		// One that is lost has rolled back by itself.
		await connection.query({ sql: 'rollback' }).catch(() => {});
		throw error;
	} finally {
		connection.release();
	}
}

async function change(connection: Lent, asked: readonly Asked[]): Promise<Promise<Changes>[]> {
	const { stored, floors, now } = await begin(connection, asked);
	const current = new Map<string, Contract>(stored);
	const made: Change[] = [];
	// One after the other: nothing in there is waited for.
	const answers = asked.map(async (one): Promise<Changes> => {
		const changes = decided(one, current, floors, now);
		for (const each of changes.values()) current.set(keyText(each.contract), each.contract);
		made.push(...changes.values());
		return inOrder(one.keys, changes).map((each) => each ?? null);
	});
	// A decision that throws is its own asker's; should all of them fail together, nobody takes these.
	for (const answer of answers) answer.catch(() => {});
	await write(connection, made, stored, current);
	return answers;
}

/** What is there is locked first, so that the times of a contract's events never fall. */
async function begin(connection: Lent, asked: readonly Asked[]) {
	const old = distinct(asked.flatMap(({ keys, areNew }) => (areNew ? [] : keys)));
	// One order for all, so that two transactions do not wait for each other in a circle.
	const keys = [...old].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
	const lock = keys.length === 0 ? [] : [lockingSelect(keys)];
	const fresh = asked.flatMap(({ keys, areNew }) => (areNew ? keys : []));
	const select = [...lock, ...selectFloors(fresh)];
	const [result] = await connection.query({
		sql: [beginning, ...select.map(({ sql }) => sql), 'select utc_timestamp(3)'].join('; '),
		values: select.flatMap(({ values }) => values),
		rowsAsArray: true,
	});
	// Of the beginning, of what was locked, of those that are new, and the database's own time.
	const results = result as unknown as unknown[][][];
	const now = results.at(-1)?.[0]?.[0];
	if (!(now instanceof Date)) throw new Error('the database did not say its time');
	const rows = lock.length === 0 ? [] : (results[1] ?? []);
	const stored = new Map(rows.map(lockedContract).map((contract) => [keyText(contract), contract]));
	const floors = fresh.length === 0 ? new Map() : floorsOf(results.at(-2) ?? []);
	await addFloors(
		connection,
		floors,
		[...old].filter(([text]) => !stored.has(text)),
	);
	return { stored, floors, now };
}

/** Of those that were looked for and are not there: removed, it may be, until this very moment. */
async function addFloors(
	connection: Lent,
	floors: Floors,
	absent: readonly [string, ContractKey][],
): Promise<void> {
	for (const { sql, values } of selectFloors(absent.map(([, key]) => key))) {
		const [rows] = await connection.query({ sql, values, rowsAsArray: true });
		for (const [bucket, version] of floorsOf(rows as unknown as unknown[][])) {
			floors.set(bucket, version);
		}
	}
}

/** By key; each was decided once, by what stands there when its turn comes. */
function decided(
	{ keys, decide, trace }: Asked,
	current: ReadonlyMap<string, Contract>,
	floors: Floors,
	now: Date,
): Map<string, Change> {
	const changes = new Map<string, Change>();
	for (const [text, key] of distinct(keys)) {
		const found = decide(current.get(text) ?? null, now, key);
		if (!found) continue;
		const floor = found.from === null ? floorOf(floors, key) : 0;
		changes.set(text, traced(floor === 0 ? found : above(floor, found), trace));
	}
	return changes;
}

/** A contract that was changed twice has both events, and is written as it stands then. */
async function write(
	connection: Lent,
	made: readonly Change[],
	stored: ReadonlyMap<string, Contract>,
	current: ReadonlyMap<string, Contract>,
): Promise<void> {
	const changed = [...distinct(made.map(({ contract }) => contract)).keys()].sort();
	const [created, updated] = [[], []] as [Contract[], Contract[]];
	for (const text of changed) {
		const contract = current.get(text);
		if (contract) (stored.has(text) ? updated : created).push(contract);
	}
	const sources = made.flatMap(({ contract }) => sourceOf(contract));
	const events = made.map(({ event }) => rowOfEvent(event));
	const all = [
		// They are locked, so each is there.
		...insertion(contracts, updated.map(rowOf), ['chainId', 'address', 'createdAt']),
		// A row that somebody else inserted meanwhile is not overwritten: all is tried again.
		...insertion(contracts, created.map(rowOf)),
		...insertion(contractEvents, events),
		...insertion(contractSources, sources, ['chainId', 'address', 'hash']),
		{ sql: 'commit', values: [] },
	];
	// All at once, or nothing: what fails keeps the rest from being done.
	await connection.query({
		sql: all.map(({ sql }) => sql).join('; '),
		values: all.flatMap(({ values }) => values),
	});
}

/** In place of the hash of an ABI. */
const noAbi = '0'.repeat(64);

function sourceOf({ chainId, address, status, source }: Contract) {
	if (status !== 'SUCCESS' || !source) return [];
	const { hash, fetchedAt, abiHash, argumentsHash } = source;
	return [
		{
			chainId,
			address,
			hash,
			description: sourceDescriptions.write(source),
			fetchedAt,
			abiHash: abiHash ?? noAbi,
			argumentsHash,
		},
	];
}
