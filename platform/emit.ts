import { trace } from '@opentelemetry/api';
import type { Logger } from 'winston';
import { SourceError } from '../domain/errors.ts';
import { isFinal } from '../domain/status.ts';
import { type Emit, type JobOutcome, ownOperations } from '../domain/telemetry.ts';
import { errorFacts } from './log/error-facts.ts';
import { createDatabaseMetrics } from './metrics/database.ts';
import { createGraphQlMetrics, errorCode } from './metrics/graphql.ts';
import { createHttpMetrics } from './metrics/http.ts';
import { createPipeline, type Measured } from './metrics/pipeline.ts';
import { createReadMetrics } from './metrics/reads.ts';
import type { Metrics } from './metrics/registry.ts';
import type { Reporter } from './metrics/reporter.ts';
import { createSubmissionMetrics } from './metrics/submissions.ts';
import {
	countSubscriptions,
	createDeliveryMetrics,
	createSocketMetrics,
} from './metrics/subscriptions.ts';
import type { Statement } from './mysql/statement.ts';
import { fail } from './tracing/spans.ts';

/** Writes events to the log, and to the metrics of the process where it has any. */
function createReporter(log: Logger, measured?: Measured): Reporter {
	const pipeline = measured ? createPipeline(measured) : {};
	const reads = measured?.part === 'server' ? createReadMetrics(measured.registry) : null;
	const submitted = measured && createSubmissionMetrics(measured.registry, measured.part);
	const failedFollows = createSparing(1_000);
	return {
		changed(change) {
			pipeline.changed?.(change);
			const { chainId, address, version, status, attempt, error } = change.event;
			const level = isFinal(status) || error ? 'info' : 'debug';
			const failure = error ? { code: error.code, reason: error.message } : {};
			log.log(level, 'contract changed', {
				chainId,
				address,
				version,
				status,
				attempt,
				...failure,
			});
		},
		publishFailed(jobs, error) {
			log.warn('jobs not published, the sweeper will', { jobs, error: errorFacts(error) });
		},
		announceFailed({ chainId, address, version }, error) {
			log.warn('change not announced', { chainId, address, version, error: errorFacts(error) });
		},
		jobStarted({ chainId, address, version }) {
			log.debug('job started', { chainId, address, version });
		},
		jobEnded(which, outcome, seconds, error) {
			pipeline.jobEnded?.(which, outcome, seconds, error);
			tellSpan(outcome, error);
			const { chainId, address, version } = which;
			const job = { chainId, address, version, outcome, seconds };
			if (error === undefined) log.debug('job ended', job);
			// Understood, and told to people in the contract's error: no stack is needed.
			else if (error instanceof SourceError) {
				log.info('job ended', { ...job, code: error.code, reason: error.message });
			} else log.error('job ended', { ...job, error: errorFacts(error) });
		},
		swept(jobs, to) {
			log.debug('due jobs swept', { jobs, to });
		},
		recalled(jobs) {
			log.debug('lost jobs recalled', { jobs });
		},
		sweepFailed(error) {
			log.warn('sweep failed', { error: errorFacts(error) });
		},
		unreadable(where, error) {
			log.warn('unreadable message', { where, error: errorFacts(error) });
		},
		cacheFailed(operation, error) {
			log.debug('cache failed', { operation, error: errorFacts(error) });
		},
		cacheRead: (result) => reads?.cacheRead(result),
		cacheFilled: (seconds) => reads?.cacheFilled(seconds),
		contractRead: (path, cacheResult, seconds) => reads?.contractRead(path, cacheResult, seconds),
		submitted: (kind, result, contracts) => submitted?.(kind, result, contracts),
		followFailed({ chainId, address }, error) {
			// One outage fails them all, and again and again.
			const more = failedFollows.more();
			if (more === null) return;
			log.warn('events not read', { chainId, address, more, error: errorFacts(error) });
		},
		limitsFailed(error) {
			log.debug('call limits not shared', { error: errorFacts(error) });
		},
		keyRests(provider, account, { state, forMs }) {
			log.warn('upstream key rests', { provider, account, state, forMs });
		},
		upstreamCalled(upstream, call, seconds) {
			pipeline.upstreamCalled?.(upstream, call, seconds);
		},
		upstreamWaited: (upstream, seconds) => pipeline.upstreamWaited?.(upstream, seconds),
		breaker(provider, state) {
			pipeline.breaker?.(provider, state);
			log.warn('upstream breaker', { provider, state });
		},
		connection(system, state, error) {
			const cause = error === undefined ? {} : { error: errorFacts(error) };
			log.log(state === 'up' ? 'info' : 'warn', `connection ${state}`, { system, ...cause });
		},
		broker(role, state, error) {
			pipeline.broker?.(role, state, error);
			if (state === 'first') return;
			const cause = error === undefined ? {} : { error: errorFacts(error) };
			const facts = { system: 'rabbitmq', role, ...cause };
			if (state === 'down') log.warn('connection down', facts);
			else log.info('connection up', facts);
		},
		published: (outcome, seconds) => pipeline.published?.(outcome, seconds),
		received: (redelivered) => pipeline.received?.(redelivered),
		begun: (waitedSeconds) => pipeline.begun?.(waitedSeconds),
		answered: () => pipeline.answered?.(),
		deadLettered(error, seconds) {
			pipeline.deadLettered?.(error, seconds);
			log.warn('unreadable message', { where: 'queue', error: errorFacts(error) });
		},
		cacheAsked: (operation, seconds) => pipeline.cacheAsked?.(operation, seconds),
		chainListTaken(from, chains) {
			log.info('chain list taken', { from, chains });
		},
		chainListFailed(from, error) {
			log.warn('chain list failed', { from, error: errorFacts(error) });
		},
		testLine(level, text, line) {
			log.log(level, 'test line', { text, line });
		},
		requestFailed(error, operation) {
			log.error('request failed', { operation, error: errorFacts(error) });
		},
	};
}

/** Every event of a process goes through here. */
export function createEmit(log: Logger, measured?: Measured): Emit {
	const reporter = createReporter(log, measured);
	const database = measured && createDatabaseMetrics(measured.registry);
	const measure = measured?.part === 'server' ? measureServer(measured.registry) : null;
	return (event) => {
		switch (event.type) {
			case 'contract.changed':
				return reporter.changed(event.change);
			case 'jobs.publish-failed':
				return reporter.publishFailed(event.jobs, event.error);
			case 'event.announce-failed':
				return reporter.announceFailed(event.event, event.error);
			case 'job.started':
				return reporter.jobStarted(event.job);
			case 'job.ended':
				return reporter.jobEnded(event.job, event.outcome, event.seconds, event.error);
			case 'jobs.swept':
				return reporter.swept(event.jobs, event.to);
			case 'jobs.recalled':
				return reporter.recalled(event.jobs);
			case 'sweep.failed':
				return reporter.sweepFailed(event.error);
			case 'message.unreadable':
				return reporter.unreadable(event.where, event.error);
			case 'cache.failed':
				return reporter.cacheFailed(event.operation, event.error);
			case 'cache.read':
				return reporter.cacheRead(event.result);
			case 'cache.filled':
				return reporter.cacheFilled(event.seconds);
			case 'contract.read':
				return reporter.contractRead(event.path, event.cacheResult, event.seconds);
			case 'contracts.submitted':
				return reporter.submitted(event.kind, event.result, event.contracts);
			case 'follow.failed':
				return reporter.followFailed(event.key, event.error);
			case 'call-limits.failed':
				return reporter.limitsFailed(event.error);
			case 'upstream.called':
				return reporter.upstreamCalled(
					event.upstream,
					{ endpoint: event.endpoint, outcome: event.outcome },
					event.seconds,
				);
			case 'upstream.waited':
				return reporter.upstreamWaited(event.upstream, event.seconds);
			case 'upstream.key-suspended':
				return reporter.keyRests(event.upstream, event.account, event);
			case 'upstream.breaker':
				return reporter.breaker(event.upstream, event.state);
			case 'redis.connection':
				return reporter.connection('redis', event.state, event.error);
			case 'rabbitmq.connection':
				return reporter.broker(event.role, event.state, event.error);
			case 'message.published':
				return reporter.published(event.outcome, event.seconds);
			case 'message.received':
				return reporter.received(event.redelivered);
			case 'message.started':
				return reporter.begun(event.waitedSeconds);
			case 'message.settled':
				return reporter.answered();
			case 'message.dead-lettered':
				return reporter.deadLettered(event.error, event.seconds);
			case 'redis.called':
				return reporter.cacheAsked(event.operation, event.seconds);
			case 'chain-list.taken':
				return reporter.chainListTaken(event.from, event.chains);
			case 'chain-list.failed':
				return reporter.chainListFailed(event.from, event.error);
			case 'mysql.called': {
				// Its values come from the closed sets of the pool.
				const { operation, collection } = event as Statement & typeof event;
				return database?.asked({ operation, collection }, event.outcome, event.seconds);
			}
			case 'mysql.waited':
				return database?.waited(event.seconds, event.timedOut);
			case 'test.line':
				return reporter.testLine(event.level, event.text, event.line);
			case 'request.failed':
				return reporter.requestFailed(event.error, event.operation);
			default:
				return measure?.(event);
		}
	};
}

/** The span of the job is the active one. What is understood is told in the contract, and is no fault of ours. */
function tellSpan(outcome: JobOutcome, error: unknown): void {
	const span = trace.getActiveSpan();
	if (!span?.isRecording()) return;
	span.setAttribute('verifeed.outcome', outcome);
	if (error instanceof SourceError) span.setAttribute('error.type', error.code);
	else if (error !== undefined) fail(span, error);
}

/** Lets one of many through every `ms`, with the number of those held back before it; null for the others. */
function createSparing(ms: number): { more(): number | null } {
	let nextAt = 0;
	let held = 0;
	return {
		more() {
			if (performance.now() < nextAt) {
				held += 1;
				return null;
			}
			const more = held;
			held = 0;
			nextAt = performance.now() + ms;
			return more;
		},
	};
}

/** The metrics of what a server answers. */
export function measureServer(registry: Metrics): Emit {
	const http = createHttpMetrics(registry);
	const graphql = createGraphQlMetrics(registry, ownOperations);
	const countOpen = countSubscriptions(registry);
	const deliveries = createDeliveryMetrics(registry);
	const sockets = createSocketMetrics(registry);
	return (event) => {
		switch (event.type) {
			case 'http.answered':
				return http(event, event.seconds);
			case 'graphql.answered': {
				const { operation, operationType: type, outcome, seconds } = event;
				return graphql.operation({ operation, type }, outcome, seconds);
			}
			case 'graphql.error':
				return graphql.error(event.operation, errorCode(event.code));
			case 'graphql.rejected':
				return graphql.rejected(event.reason);
			case 'subscription.opened':
				return countOpen(event.field, event.transport, 1);
			case 'subscription.closed':
				return countOpen(event.field, event.transport, -1);
			case 'subscription.event':
				deliveries.event(event.field, event.result);
				if (event.seconds !== null) deliveries.took(event.field, event.seconds);
				return;
			case 'websocket.opened':
				return sockets.opened();
			case 'websocket.closed':
				return sockets.closed(event.code);
			default:
				return;
		}
	};
}
