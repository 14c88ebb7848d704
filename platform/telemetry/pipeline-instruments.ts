import { contractErrorCodes, SourceError } from '../../domain/errors.ts';
import { callOutcomes } from '../../domain/ports.ts';
import { prunedKinds } from '../../domain/prune.ts';
import { isWaitForTurn } from '../../domain/retry.ts';
import { isFinal, mayMove, statuses } from '../../domain/status.ts';
import * as known from '../../domain/telemetry.ts';
import { nameOf, upstreamNames, upstreams } from '../../domain/upstreams.ts';
import {
	answerSeconds,
	asked,
	counter,
	gauge,
	histogram,
	isRoleOf,
	lifeSeconds,
	type Process,
	upDown,
	waitSeconds,
} from './instrument.ts';

const queue = { queue: 'contracts.download' } as const;
const queues = { queue: [queue.queue] } as const;
const roles = { role: ['publisher', 'consumer'] } as const;
const upstream = { upstream: upstreamNames } as const;
const isNamed = (labels: { upstream: string }, process: Process) =>
	process.upstreams.includes(labels.upstream);
const breakerStates = { closed: 0, 'half-open': 1, open: 2 } as const;

/** What became of a message, seen from the queue: whether its job is done, comes again, or was nobody's. */
const messageOutcomes = {
	success: 'ok',
	error: 'ok',
	retry: 'retry',
	released: 'retry',
	failed: 'retry',
	stale: 'duplicate',
	superseded: 'duplicate',
} as const satisfies Record<known.JobOutcome, string>;

/** How a worker downloads. */
export const ofWorkers = {
	contract_end_to_end_seconds: histogram(
		'From the last accepted submission to its end',
		lifeSeconds,
		{ outcome: ['SUCCESS', 'ERROR'] },
		{
			'contract.changed'({ change: { contract } }) {
				const { status, submittedAt, updatedAt } = contract;
				if (!isFinal(status) || !submittedAt) return undefined;
				return [{ outcome: status }, (updatedAt.getTime() - submittedAt.getTime()) / 1_000];
			},
		},
	),
	messaging_time_in_queue_seconds: histogram(
		'From publishing a message to the beginning of its job, by the clocks of both processes',
		waitSeconds,
		queues,
		{ 'message.started': ({ waitedSeconds }) => [queue, waitedSeconds] },
	),
	messaging_process_duration_seconds: histogram(
		'How long a job took; retry: it comes again, duplicate: it was done or held already',
		waitSeconds,
		{ ...queues, outcome: ['ok', 'retry', 'dead_letter', 'duplicate'] },
		{
			'job.ended': ({ outcome, seconds }) => [
				{ ...queue, outcome: messageOutcomes[outcome] },
				seconds,
			],
			'message.dead-lettered': ({ seconds }) => [{ ...queue, outcome: 'dead_letter' }, seconds],
		},
	),
	messaging_redelivered_total: counter('Messages that the broker had handed out before', queues, {
		'message.received': ({ redelivered }) => (redelivered ? [queue] : undefined),
	}),
	messaging_retries_total: counter(
		'Attempts that failed and will be made again, by the code of their error; not waits for a turn',
		{ ...queues, reason: contractErrorCodes },
		{
			'job.ended'({ outcome, error }) {
				if ((outcome !== 'retry' && outcome !== 'failed') || isWaitForTurn(error)) return undefined;
				return [{ ...queue, reason: error instanceof SourceError ? error.code : 'INTERNAL' }];
			},
		},
	),
	messaging_in_flight: upDown('Messages that this worker holds, at most its prefetch', queues, {
		'message.received': () => [queue],
		'message.settled': () => [queue, -1],
	}),
	upstream_request_duration_seconds: histogram(
		'From a request to an upstream to what was made of its answer',
		waitSeconds,
		{ ...upstream, endpoint: ['source', 'chainlist'], outcome: callOutcomes },
		{
			'upstream.called': ({ upstream, endpoint, outcome, seconds }) =>
				outcome === null ? undefined : [{ upstream: nameOf(upstream), endpoint, outcome }, seconds],
		},
		(labels, process) =>
			isNamed(labels, process) &&
			(labels.endpoint === 'source' || upstreams[labels.upstream].listsChains),
	),
	upstream_rate_limit_wait_seconds: histogram(
		'How long a download waited for its turn to call, or would have had to',
		waitSeconds,
		upstream,
		{ 'upstream.waited': ({ upstream, seconds }) => [{ upstream: nameOf(upstream) }, seconds] },
		isNamed,
	),
	pruned_rows_total: counter(
		'Removed because they are not to be kept: contracts (with their events), events of old downloads, unused sources',
		{ kind: prunedKinds },
		{ pruned: ({ kind, rows }) => [{ kind }, rows] },
	),
	prune_passes_total: counter(
		'How often all that is kept was looked at, or could not be',
		{ outcome: ['ok', 'failed'] },
		{
			'prune.ended': () => [{ outcome: 'ok' }],
			'prune.failed': () => [{ outcome: 'failed' }],
		},
	),
	upstream_calls_left_today: asked(
		'Calls that an account has left until 00:00 UTC, where its quota is known',
		...(['upstream', 'account'] as const),
	),
	circuit_breaker_state: gauge(
		'0: asked, 1: one call tries, 2: left alone',
		upstream,
		{
			'upstream.breaker': ({ upstream, state }) => [
				{ upstream: nameOf(upstream) },
				breakerStates[state],
			],
		},
		isNamed,
	),
};

/** What servers and workers do alike. */
export const ofBoth = {
	contract_submissions_total: counter(
		'Contracts submitted: queued, known already, or refused',
		{ result: ['accepted', 'duplicate', 'rejected'], kind: known.submissionKinds },
		{ 'contracts.submitted': ({ result, kind, contracts }) => [{ result, kind }, contracts] },
		// Workers submit what a proxy leads to, servers all else. Only a client can ask for what is not served.
		({ result, kind }, { part }) =>
			(kind === 'implementation') === (part === 'worker') &&
			(result !== 'rejected' || kind === 'submit' || kind === 'refresh'),
	),
	contract_transitions_total: counter(
		'Changes of status that were committed; NONE: the contract is new',
		{ from: ['NONE', ...statuses], to: statuses },
		{
			'contract.changed': ({ change: { from, contract } }) => [
				{ from: from ?? 'NONE', to: contract.status },
			],
		},
		// A server accepts submissions and nothing else.
		({ from, to }, { part }) =>
			(part !== 'server' || to === 'CREATED') && mayMove(from === 'NONE' ? null : from, to),
	),
	messaging_publish_duration_seconds: histogram(
		'From sending a message to the confirm of the broker, or to giving it up',
		answerSeconds,
		{ destination: queues.queue, outcome: known.publishOutcomes },
		{
			'message.published': ({ outcome, seconds }) => [
				{ destination: queue.queue, outcome },
				seconds,
			],
		},
	),
	messaging_connection_up: gauge(
		'Whether this process is connected to RabbitMQ, by what for',
		roles,
		{ 'rabbitmq.connection': ({ role, state }) => [{ role }, state === 'down' ? 0 : 1] },
		isRoleOf,
	),
	messaging_reconnects_total: counter(
		'Connections to RabbitMQ that were lost and made anew',
		roles,
		{ 'rabbitmq.connection': ({ role, state }) => (state === 'again' ? [{ role }] : undefined) },
		isRoleOf,
	),
};
