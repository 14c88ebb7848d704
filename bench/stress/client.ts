import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFollower } from './follower.ts';
import { openLane } from './lane.ts';
import type { Plan } from './messages.ts';
import { about, type Operation, testOperation } from './operations.ts';
import { createRecorder } from './recorder.ts';
import { addressOf, type Due, hotAddresses, kinds, schedule } from './schedule.ts';

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const loadMs = plan.seconds * 1_000;
const recorder = createRecorder(loadMs + plan.inTimeMs);
const follower = openFollower(plan.url);
/** Those that wait for an answer leave the other kinds their connections. */
const lanes = {
	submit: openLane(plan.url, plan.connections),
	contract: openLane(plan.url, plan.connections),
	cachedContract: openLane(plan.url, plan.connections),
	test: openLane(plan.url, 4),
};
await Promise.all([follower.opened, ...Object.values(lanes).map((lane) => lane.open())]);
const start = await startTime();
const now = () => performance.timeOrigin + performance.now() - start;
/** Of this client, as they were answered. */
const submitted: string[] = [];
const running = new Set<Promise<void>>();

printEachSecond();
for (const due of schedule(plan.rates, plan.seconds, plan)) {
	const early = due.at * 1_000 - now();
	if (early > 0) await sleep(early);
	const one = carryOut(due).finally(() => running.delete(one));
	running.add(one);
}
await Promise.race([allDone(), sleep(loadMs + plan.patienceMs - now())]);
for (const kind of kinds) {
	while (recorder.open[kind] > 0) recorder.failed(kind, `${kind}: not answered in time`, true);
}
print(true);
// What is not answered by now is not waited for.
process.exit(0);

/** Says that it is ready, and waits to be told when the load starts; its parent's end is its own. */
function startTime(): Promise<number> {
	const input = createInterface({ input: process.stdin });
	input.once('close', () => process.exit(1));
	console.log('ready');
	return new Promise((resolve) => input.once('line', (line) => resolve(Number(line))));
}

async function allDone(): Promise<void> {
	while (running.size > 0) await Promise.all(running);
}

/** Never rejects: what goes wrong is counted. */
async function carryOut(due: Due): Promise<void> {
	recorder.due(due.kind);
	if (due.kind === 'subscription') return follow(due);
	const { address, operation } = operationOf(due);
	try {
		const waited = operation.check(await lanes[due.kind].post(operation.body));
		recorder.answered(due.kind, due.at * 1_000, now() - waited);
		if (due.kind === 'submit') submitted.push(address);
	} catch (error) {
		recorder.failed(due.kind, `${due.kind}: ${textOf(error)}`, true);
	}
}

function operationOf({ kind, n }: Due): { address: string; operation: Operation } {
	if (kind === 'test') return { address: '', operation: testOperation(n) };
	if (kind === 'submit') {
		const address = addressOf('new', n);
		return { address, operation: about('submitContract', address) };
	}
	if (kind === 'subscription') throw new Error('a subscription is no request');
	const fresh = Math.floor(n / plan.clients) % 2 === 0 ? anyOf(submitted) : undefined;
	const address = fresh ?? anyOf(hotAddresses) ?? '';
	return { address, operation: about(kind, address) };
}

/** Of the contract that was submitted last; its wait, if there is none yet, is not the server's. */
async function follow({ at }: Due): Promise<void> {
	let dueAt = at * 1_000;
	let isFirst = true;
	recorder.follows(1);
	try {
		while (submitted.length === 0) {
			await sleep(1);
			dueAt = now();
		}
		await follower.follow(submitted.at(-1) ?? '', () => {
			isFirst = false;
			recorder.answered('subscription', dueAt, now());
		});
		recorder.followed();
	} catch (error) {
		recorder.failed('subscription', `subscription: ${textOf(error)}`, isFirst);
	} finally {
		recorder.follows(-1);
	}
}

function anyOf(addresses: readonly string[]): string | undefined {
	return addresses[Math.floor(Math.random() * addresses.length)];
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function print(last: boolean): void {
	// Printed when a second has ended, or a little later.
	const second = last ? Math.floor(now() / 1_000) : Math.round(now() / 1_000) - 1;
	process.stdout.write(`${JSON.stringify(recorder.line(second, last))}\n`);
}

function printEachSecond(): void {
	setTimeout(
		() => {
			print(false);
			printEachSecond();
		},
		1_000 - (now() % 1_000),
	);
}
