import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from './fault.ts';
import { type ProcessName, processNames, type ServiceName } from './links.ts';
import type { Random } from './random.ts';
import type { Sprung, Trap } from './trap.ts';

/** Between which two steps of what a process does for many at once. */
interface Step extends Omit<Trap, 'sees' | 'spring'> {
	to: ServiceName;
	of: readonly ProcessName[];
	is(sent: Buffer): boolean;
	ways?: readonly Way[];
}

const servers = ['server-1', 'server-2'] as const;
const workers = ['worker-1', 'worker-2'] as const;

/** All that a group of changes writes is one packet, with this at its end. */
const commit = Buffer.from('commit');
const isWrite = (sent: Buffer) => sent.subarray(-commit.length).equals(commit);
/** Of the same length, and it changes nothing. */
const noCommit = Buffer.from('do   0');
const holds = (text: string) => (sent: Buffer) => sent.includes(text);
const isRead = holds('left join `contract_sources`');
const isLocking = holds(' for update');
/** The method basic.publish. */
const publish = Buffer.from([0, 60, 0, 40]);
const isPublish = (sent: Buffer) => sent.includes(publish);
/** Which of them are there, or their insert: most sources are stored already. */
const isBlobs = holds('`source_blobs`');

const steps = {
	'locked-unwritten': { to: 'mysql', of: processNames, is: isWrite, when: 'sent' },
	'written-uncommitted': {
		...{ to: 'mysql', of: processNames, is: isWrite, when: 'answered' },
		instead: (sent) => Buffer.concat([sent.subarray(0, -commit.length), noCommit]),
		// Nobody may hear that it went well.
		ways: ['cut', 'kill'],
	},
	'committed-unheard': { to: 'mysql', of: processNames, is: isWrite, when: 'answered' },
	// The script that drops an entry looks at its version.
	'committed-undropped': {
		...{ to: 'redis', of: workers, is: holds("redis.call('HGET', KEYS[1], 'version')") },
		when: 'sent',
	},
	'dropped-unannounced': {
		to: 'redis',
		of: processNames,
		is: holds('contract.status:'),
		when: 'sent',
	},
	'committed-unpublished': { to: 'rabbitmq', of: servers, is: isPublish, when: 'sent' },
	'published-unconfirmed': {
		to: 'rabbitmq',
		of: servers,
		is: isPublish,
		when: 'answered',
	},
	'source-unsaved': { to: 'mysql', of: workers, is: isBlobs, when: 'sent' },
	'source-unheard': { to: 'mysql', of: workers, is: isBlobs, when: 'answered' },
	'locking-unheard': { to: 'mysql', of: processNames, is: isLocking, when: 'answered' },
	'read-unheard': {
		...{ to: 'mysql', of: processNames, when: 'answered' },
		is: (sent) => isRead(sent) && !isLocking(sent),
	},
} satisfies Record<string, Step>;

/** With what a step is met: the connection is cut, the process killed, or what comes next is late. */
type Way = 'cut' | 'kill' | 'late';
const anyWay: readonly Way[] = ['cut', 'cut', 'kill', 'late'];
/** Past the time that MySQL and RabbitMQ are given, or before. */
const lateMs = (random: Random) => random.pick([200, 1_000, 3_500, 6_000]);
/** However rare the step is at that time. */
const patienceMs = 10_000;

/** What happens exactly between two steps of a group: of changes, sources or reads. */
export const stepFaults: readonly FaultKind[] = Object.entries<Step>(steps).map(([name, step]) => ({
	name: `step-${name}`,
	weight: 0.7,
	plan(random, { links, processes }) {
		const from = random.pick(step.of);
		const way = random.pick(step.ways ?? anyWay);
		const link = links.all.find((one) => one.from === from && one.to === step.to);
		// A process is killed once, which ends all its connections.
		const most = way === 'kill' ? 1 : Number.POSITIVE_INFINITY;
		const first = Promise.withResolvers<void>();
		let strikes = 0;
		let killed: Promise<void> | undefined;
		const spring = (): Sprung => {
			strikes += 1;
			first.resolve();
			if (way === 'late') return { kind: 'late', ms: lateMs(random) };
			if (way === 'kill') killed = processes[from].signal('SIGKILL');
			return { kind: 'cut' };
		};
		const sees = (sent: Buffer) => strikes < most && step.is(sent) && random.chance(0.4);
		return {
			on: [from, `steps of ${from}`],
			text: `${way}, ${from} - ${step.to}`,
			lastsMs: way === 'kill' ? 0 : random.whole(500, 3_000),
			strikes: () => strikes,
			async inject() {
				link?.proxy.trap({ ...step, sees, spring });
				await Promise.race([first.promise, sleep(patienceMs)]);
				return async () => {
					link?.proxy.trap(null);
					await killed;
					if (killed) await processes[from].ready();
				};
			},
		};
	},
}));
