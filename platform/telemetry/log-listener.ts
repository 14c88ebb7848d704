import type { Logger } from 'winston';
import { SourceError } from '../../domain/errors.ts';
import { isFinal } from '../../domain/status.ts';
import type { LogLevel, TelemetryEvent, TelemetryEventOf } from '../../domain/telemetry.ts';
import { errorFacts } from './log/clean.ts';

type Line = readonly [level: LogLevel, message: string, facts: Record<string, unknown>];

const causedBy = (error: unknown) => ({ error: errorFacts(error) });

/** What is logged of an event; of those that are not here, nothing. */
const lines: { [T in TelemetryEvent['type']]?: (event: TelemetryEventOf<T>) => Line | null } = {
	'contract.changed'({ change: { event } }) {
		const { chainId, address, version, status, attempt, error } = event;
		const failure = error ? { code: error.code, reason: error.message } : {};
		const level = isFinal(status) || error ? 'info' : 'debug';
		const facts = { chainId, address, version, status, attempt, ...failure };
		return [level, 'contract changed', facts];
	},
	'jobs.publish-failed': ({ jobs, error }) => [
		'warn',
		'jobs not published, the sweeper will',
		{ jobs, ...causedBy(error) },
	],
	'event.announce-failed': ({ event: { chainId, address, version }, error }) => [
		'warn',
		'change not announced',
		{ chainId, address, version, ...causedBy(error) },
	],
	'job.started': ({ job: { chainId, address, version } }) => [
		'debug',
		'job started',
		{ chainId, address, version },
	],
	'job.ended'({ job: { chainId, address, version }, outcome, seconds, error }) {
		const facts = { chainId, address, version, outcome, seconds };
		if (error === undefined) return ['debug', 'job ended', facts];
		// Understood, and named to people in the contract's error: no stack is needed.
		if (error instanceof SourceError) {
			return ['info', 'job ended', { ...facts, code: error.code, reason: error.message }];
		}
		return ['error', 'job ended', { ...facts, ...causedBy(error) }];
	},
	'jobs.swept': ({ jobs, to }) => ['debug', 'due jobs swept', { jobs, to }],
	'jobs.recalled': ({ jobs }) => ['debug', 'lost jobs recalled', { jobs }],
	'sweep.failed': ({ error }) => ['warn', 'sweep failed', causedBy(error)],
	'message.unreadable': ({ where, error }) => unreadable(where, error),
	'message.dead-lettered': ({ error }) => unreadable('queue', error),
	'cache.failed': ({ operation, error }) => [
		'debug',
		'cache failed',
		{ operation, ...causedBy(error) },
	],
	'call-limits.failed': ({ error }) => ['debug', 'call limits not shared', causedBy(error)],
	'upstream.key-suspended': ({ upstream: provider, account, state, forMs }) => [
		'warn',
		'upstream key rests',
		{ provider, account, state, forMs },
	],
	'upstream.breaker': ({ upstream: provider, state }) => [
		'warn',
		'upstream breaker',
		{ provider, state },
	],
	'redis.connection': ({ state, error }) => connection(state, { system: 'redis' }, error),
	'rabbitmq.connection'({ role, state, error }) {
		if (state === 'first') return null;
		const of = { system: 'rabbitmq', role };
		return connection(state === 'down' ? 'down' : 'up', of, error);
	},
	'chain-list.taken': ({ from, chains }) => ['info', 'chain list taken', { from, chains }],
	'chain-list.failed': ({ from, error }) => [
		'warn',
		'chain list failed',
		{ from, ...causedBy(error) },
	],
	'test.line': ({ level, text, line }) => [level, 'test line', { text, line }],
	'request.failed': ({ error, operation }) => [
		'error',
		'request failed',
		{ operation, ...causedBy(error) },
	],
};

function unreadable(where: string, error: unknown): Line {
	return ['warn', 'unreadable message', { where, ...causedBy(error) }];
}

function connection(state: 'up' | 'down', of: Record<string, string>, error: unknown): Line {
	const cause = error === undefined ? {} : causedBy(error);
	return [state === 'up' ? 'info' : 'warn', `connection ${state}`, { ...of, ...cause }];
}

/** Writes events to the log. */
export function createLogListener(log: Logger): (event: TelemetryEvent) => void {
	const followFailures = createThrottle(1_000);
	return (event) => {
		if (event.type === 'follow.failed') {
			// One outage fails them all, and again and again.
			const more = followFailures();
			if (more === null) return;
			const { chainId, address } = event.key;
			log.warn('events not read', { chainId, address, more, ...causedBy(event.error) });
			return;
		}
		// The table has each event under its own type.
		const describe = lines[event.type] as ((event: TelemetryEvent) => Line | null) | undefined;
		const line = describe?.(event);
		if (line) log[line[0]](line[1], line[2]);
	};
}

/** Lets one of many through every `ms`: the number of those held back before it, or null. */
function createThrottle(ms: number): () => number | null {
	let nextAt = 0;
	let held = 0;
	return () => {
		if (performance.now() < nextAt) {
			held += 1;
			return null;
		}
		const more = held;
		held = 0;
		nextAt = performance.now() + ms;
		return more;
	};
}
