import type { Logger } from 'winston';
import { SourceError } from '../../domain/errors.ts';
import { isFinal } from '../../domain/status.ts';
import type { TelemetryEvent, TelemetryEventOf } from '../../domain/telemetry.ts';
import { errorFacts } from './log/clean.ts';
import { createThrottle } from './log/open.ts';

const causedBy = (error: unknown) => (error === undefined ? {} : { error: errorFacts(error) });

/** What is logged of an event; of those that are not here, nothing. */
const table: {
	[T in TelemetryEvent['type']]?: (log: Logger, event: TelemetryEventOf<T>) => unknown;
} = {
	'contract.changed'(log, { change: { event } }) {
		const { chainId, address, version, status, attempt, error } = event;
		const failure = error ? { code: error.code, reason: error.message } : {};
		const facts = { chainId, address, version, status, attempt, ...failure };
		log[isFinal(status) || error ? 'info' : 'debug']('contract changed', facts);
	},
	'jobs.publish-failed': (log, { jobs, error }) =>
		log.warn('jobs not published, the sweeper will', { jobs, ...causedBy(error) }),
	'event.announce-failed': (log, { event: { chainId, address, version }, error }) =>
		log.warn('change not announced', { chainId, address, version, ...causedBy(error) }),
	'job.started': (log, { job: { chainId, address, version } }) =>
		log.debug('job started', { chainId, address, version }),
	'job.ended'(log, { job: { chainId, address, version }, outcome, seconds, error }) {
		const facts = { chainId, address, version, outcome, seconds };
		if (error === undefined) log.debug('job ended', facts);
		// Understood, and named to people in the contract's error: no stack is needed.
		else if (error instanceof SourceError) {
			log.info('job ended', { ...facts, code: error.code, reason: error.message });
		} else log.error('job ended', { ...facts, ...causedBy(error) });
	},
	'jobs.swept': (log, { jobs, to }) => log.debug('due jobs swept', { jobs, to }),
	'jobs.recalled': (log, { jobs }) => log.debug('lost jobs recalled', { jobs }),
	'sweep.failed': (log, { error }) => log.warn('sweep failed', causedBy(error)),
	'prune.ended': (log, { removed, seconds }) => log.info('pruned', { ...removed, seconds }),
	'prune.failed': (log, { error }) => log.warn('prune failed', causedBy(error)),
	'reads.not-saved': (log, { contracts, error }) =>
		log.warn('reads not saved', { contracts, ...causedBy(error) }),
	'message.unreadable': (log, { where, error }) =>
		log.warn('unreadable message', { where, ...causedBy(error) }),
	'message.dead-lettered': (log, { error }) =>
		log.warn('unreadable message', { where: 'queue', ...causedBy(error) }),
	'cache.failed': (log, { operation, error }) =>
		log.debug('cache failed', { operation, ...causedBy(error) }),
	'call-limits.failed': (log, { error }) => log.debug('call limits not shared', causedBy(error)),
	'upstream.key-suspended': (log, { upstream: provider, account, state, forMs }) =>
		log.warn('upstream key rests', { provider, account, state, forMs }),
	'upstream.breaker': (log, { upstream: provider, state }) =>
		log.warn('upstream breaker', { provider, state }),
	'redis.connection': (log, { state, error }) =>
		connection(log, state === 'down', { system: 'redis', ...causedBy(error) }),
	'rabbitmq.connection'(log, { role, state, error }) {
		if (state === 'first') return;
		connection(log, state === 'down', { system: 'rabbitmq', role, ...causedBy(error) });
	},
	'chain-list.taken': (log, { from, chains }) => log.info('chain list taken', { from, chains }),
	'chain-list.failed': (log, { from, error }) =>
		log.warn('chain list failed', { from, ...causedBy(error) }),
	'test.line': (log, { level, text, line }) => log[level]('test line', { text, line }),
	'request.failed': (log, { error, operation }) =>
		log.error('request failed', { operation, ...causedBy(error) }),
};

function connection(log: Logger, isDown: boolean, facts: object): void {
	if (isDown) log.warn('connection down', facts);
	else log.info('connection up', facts);
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
		const write = table[event.type] as ((on: Logger, event: TelemetryEvent) => void) | undefined;
		write?.(log, event);
	};
}
