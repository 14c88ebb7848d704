import type { IncomingMessage, ServerResponse } from 'node:http';
import { patience } from '../../domain/wait.ts';
import { instruments, ofNode } from './instruments.ts';
import type { Metrics } from './metrics.ts';
import {
	asPage,
	asText,
	duration,
	type Fact,
	number,
	pagePolicy,
	type State,
} from './status-text.ts';

const known = { ...instruments, ...ofNode };
type Name = keyof typeof known;

/** One line for a person, there where its metric is; of a histogram it is how many were measured. */
type Row = {
	[N in Name]: {
		label: string;
		of: N;
		/** Only series with these labels. */
		where?: { readonly [L in keyof (typeof known)[N]['labels']]?: string };
		/** A line for each value of this label, which stands before its own label. */
		each?: keyof (typeof known)[N]['labels'];
		/** Sums by the value of this label, those of 0 left out. */
		by?: keyof (typeof known)[N]['labels'];
		/** How a number is said, where not as it is; null: not at all. */
		as?(value: number): string | null;
		/** Somebody should look at it. What is counted since the start never is bad. */
		bad?(value: number): boolean;
	};
}[Name];

const breakers = ['asked', 'being tried again after failures', 'left alone for now after failures'];
const megabytes = (bytes: number) => `${number(Math.round(bytes / 1024 / 1024))} MB`;
const time = (seconds: number) =>
	seconds > 0 ? new Date(seconds * 1_000).toISOString() : 'none known';
const connected = (up: number) => (up > 0 ? 'there' : 'not there');
const delivery = (failing: number) => (failing > 0 ? 'the last attempt failed' : 'nothing failed');
const above = (most: number) => (value: number) => value > most;

const rows: Readonly<Record<string, readonly Row[]>> = {
	'Requests, since the start': [
		{ label: 'GraphQL operations', of: 'graphql_operation_duration_seconds', by: 'outcome' },
		{ label: 'refused', of: 'graphql_rejected_total', by: 'reason' },
	],
	Subscriptions: [
		{ label: 'open now', of: 'graphql_subscriptions_active', by: 'transport' },
		{ label: 'events, since the start', of: 'subscription_events_total', by: 'result' },
	],
	Contracts: [
		{ label: 'all', of: 'contracts', by: 'status' },
		{
			...{ label: 'the oldest that is not put off', by: 'status', as: duration, bad: above(300) },
			of: 'contract_oldest_unfinished_age_seconds',
		},
		{ label: 'due, not on the queue yet', of: 'messaging_outbox_pending' },
		{ label: 'finished, since the start', of: 'contract_end_to_end_seconds', by: 'outcome' },
	],
	Jobs: [
		{ label: 'in hand now', of: 'messaging_in_flight' },
		{ label: 'done, since the start', of: 'messaging_process_duration_seconds', by: 'outcome' },
		{ label: 'to be tried again, since the start', of: 'messaging_retries_total', by: 'reason' },
	],
	Upstreams: [
		{
			...{ label: '', of: 'circuit_breaker_state', each: 'upstream', bad: above(0) },
			as: (state) => breakers[state] ?? null,
		},
		{
			...{ label: ', since the start', of: 'upstream_request_duration_seconds' },
			...{ each: 'upstream', by: 'outcome' },
		},
		{ label: ', left today', of: 'upstream_calls_left_today', each: 'upstream', by: 'account' },
	],
	Cache: [
		{ label: 'reads, since the start', of: 'cache_requests_total', by: 'result' },
		{ label: 'last warm-up', of: 'cache_warmup_last_success_timestamp_seconds', as: time },
	],
	Connections: [
		{
			...{ label: ' to RabbitMQ', of: 'messaging_connection_up', each: 'role', as: connected },
			bad: (up) => up === 0,
		},
		{ label: 'made anew, since the start', of: 'messaging_reconnects_total', by: 'role' },
		{ label: 'to MySQL', of: 'db_client_connection_count', by: 'state' },
		{
			...{ label: 'statements that wait for one', bad: above(20) },
			of: 'db_client_connection_pending_requests',
		},
	],
	Process: [
		{ label: 'memory', of: 'process_resident_memory_bytes', as: megabytes },
		{
			...{ label: 'event loop, 99 % within', of: 'nodejs_eventloop_lag_p99_seconds' },
			as: (lag) => (lag > 0 ? `${duration(lag)}, before the last scrape` : null),
		},
	],
	Telemetry: [
		{
			...{ label: 'errors logged, since the start', of: 'log_entries_total' },
			where: { level: 'error' },
		},
		{ label: 'to Loki', of: 'log_delivery_failing', as: delivery, bad: above(0) },
		{ label: 'log lines that wait for it', of: 'log_buffer_entries', bad: above(5_000) },
		{ label: 'log lines never sent', of: 'log_entries_dropped_total', by: 'reason' },
		{ label: 'spans', of: 'otel_delivery_failing', as: delivery, bad: above(0) },
		{ label: 'spans never sent', of: 'otel_spans_dropped_total' },
	],
};

type Samples = readonly { metricName?: string; labels: Record<string, string>; value: number }[];

/** What a row says of these samples of its metric; nothing where there are none. */
function factsOf(row: Row, all: Samples): Fact[] {
	if (all.length === 0) return [];
	const { label, of, where = {}, each, by, as = number, bad } = row;
	const part = known[of].kind === 'histogram' ? `${of}_count` : of;
	const counts = all.filter(
		({ metricName = of, labels }) =>
			metricName === part && Object.entries(where).every(([name, value]) => labels[name] === value),
	);
	return groups(counts, each).flatMap(([name, samples]): Fact[] => {
		const sums = groups(samples, by).map(([value, some]) => [value, sum(some)] as const);
		const listed = sums
			.filter(([, value]) => value !== 0)
			.toSorted(([, a], [, b]) => b - a)
			.map(([name, value]) => `${as(value)} ${name.replaceAll('_', ' ')}`);
		const value = by ? listed.join(', ') || 'none' : as(sum(samples));
		const isBad = bad !== undefined && sums.some(([, value]) => bad(value));
		return value === null ? [] : [{ label: `${name}${label}`, value, bad: isBad }];
	});
}

function sum(samples: Samples): number {
	return samples.reduce((total, { value }) => total + value, 0);
}

/** By the value of a label; all in one where there is none. */
function groups(samples: Samples, label?: string): [value: string, Samples][] {
	const found = Object.groupBy(samples, ({ labels }) => (label && labels[label]) ?? '');
	return label ? Object.entries(found).map(([value, some = []]) => [value, some]) : [['', samples]];
}

interface Source {
	process: string;
	metrics: Metrics;
	/** Names of what it needs. */
	needs: readonly string[];
	/** Those of them that cannot be used now. */
	down(): Promise<string[]>;
}

/** How the process is, as a page for browsers, as JSON where that is asked for, and as text for all others. */
export async function sendStatus(
	{ headers: { accept = '' } }: IncomingMessage,
	response: ServerResponse,
	source: Source,
): Promise<void> {
	const state = await readState(source);
	const [type, body] = accept.includes('text/html')
		? ['text/html', asPage(state)]
		: accept.includes('application/json')
			? ['application/json', `${JSON.stringify(state)}\n`]
			: ['text/plain', asText(state)];
	response.writeHead(200, {
		'content-type': `${type}; charset=utf-8`,
		'cache-control': 'no-store',
		'content-security-policy': pagePolicy,
		vary: 'accept',
	});
	response.end(body);
}

async function readState({ process, metrics, needs, ...source }: Source): Promise<State> {
	// One after the other, or what the checks do would be among what is shown.
	const read = await readMetrics(metrics);
	const down = await source.down();
	const started = sum(read.get('process_start_time_seconds') ?? []) * 1_000;
	const build = read.get('app_build_info')?.[0]?.labels;
	const needed = needs.map((label): Fact => {
		const bad = down.includes(label);
		return { label, value: bad ? 'cannot be used' : 'works', bad };
	});
	const sections = Object.entries(rows).map(([title, of]) => ({
		title,
		facts: of.flatMap((row) => factsOf(row, read.get(row.of) ?? [])),
	}));
	const all = [{ title: 'What it needs', facts: needed }, ...sections];
	return {
		process,
		down,
		concerns: all.flatMap(({ facts }) => facts).filter(({ bad }) => bad).length,
		version: `${build?.['version']} (${build?.['commit']})`,
		since: new Date(started).toISOString(),
		upFor: duration((Date.now() - started) / 1_000),
		sections: all.filter(({ facts }) => facts.length > 0),
	};
}

// Some are asked of Redis, which may be away.
const patienceMs = 1_000;

/** Of what does not answer in time nothing is known. */
async function readMetrics({ registry }: Metrics): Promise<ReadonlyMap<string, Samples>> {
	const read = new Map<string, Samples>();
	const all = Object.keys(known).map(async (name) => {
		const metric = await registry.getSingleMetric(name)?.get();
		// Labels are texts; those of a histogram's values say which part of it they are.
		if (metric) read.set(name, metric.values as Samples);
	});
	await patience(
		Promise.allSettled(all).then(() => {}),
		patienceMs,
		new AbortController().signal,
	);
	return new Map(read);
}
