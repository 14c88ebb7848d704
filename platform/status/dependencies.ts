import { type Fact, known, type MakeSection, section } from './section.ts';
import { duration, listed, number, share } from './words.ts';

const calls = 'upstream_request_duration_seconds';
const breakers = ['asked', 'being tried again after failures', 'left alone for now after failures'];

function told(answers: [string, number][]): string {
	const all = listed(answers, '');
	return all ? `${all} since the start` : 'no calls yet';
}

/** Who is asked for source code, and how they answer. */
export const upstreams: MakeSection = (reading) => {
	const waits = 'upstream_rate_limit_wait_seconds';
	const met = [
		...reading.by(calls, 'upstream'),
		...reading.by('circuit_breaker_state', 'upstream'),
	];
	const names = new Set(met.filter(([, count]) => count > 0).map(([name]) => name));
	return section('Upstreams', [
		...[...names].map((upstream): Fact => {
			const state = reading.sum('circuit_breaker_state', { upstream });
			const answers = told(reading.by(calls, 'outcome', { upstream }));
			const wait = reading.spread(waits, { upstream });
			const turn = wait ? `; 95 % of calls wait ${duration(wait.p95)} at most` : '';
			return {
				label: upstream,
				value: `${breakers[state] ?? 'unknown'}; ${answers}${turn}`,
				bad: state > 0,
			};
		}),
		...reading.by('upstream_calls_left_today', 'upstream').map(([upstream]): Fact => {
			const left = reading.by('upstream_calls_left_today', 'account', { upstream });
			return { label: `${upstream}, calls left today`, value: listed(left, '0') };
		}),
		known(reading, calls, () => (names.size > 0 ? null : { label: 'calls', value: 'none yet' })),
	]);
};

/** What answers so that MySQL need not. */
export const cache: MakeSection = (reading) => {
	const results = 'cache_requests_total';
	return section('Cache', [
		known(reading, results, () => {
			const hits = reading.sum(results, { result: 'hit' });
			const all = reading.by(results, 'result').reduce((sum, [, count]) => sum + count, 0);
			const counts = listed(reading.by(results, 'result'), 'nothing asked yet');
			return { label: 'hits, since the start', value: `${share(hits, all)} (${counts})` };
		}),
		known(reading, 'cache_warmup_last_success_timestamp_seconds', () => {
			const at = reading.sum('cache_warmup_last_success_timestamp_seconds');
			if (at === 0) return { label: 'last warm-up', value: 'none known' };
			const filled = number(reading.sum('cache_warmup_entries', { result: 'filled' }));
			return {
				label: 'last warm-up',
				value: `${new Date(at * 1000).toISOString()}, ${filled} contracts`,
			};
		}),
	]);
};

/** Connections to RabbitMQ and MySQL. */
export const connections: MakeSection = (reading) => {
	const up = 'messaging_connection_up';
	const roles = reading.has(up) ? ['publisher', 'consumer'] : [];
	const pool = 'db_client_connection_count';
	return section('Connections', [
		...roles.flatMap((role): Fact[] => {
			const again = reading.sum('messaging_reconnects_total', { role });
			const connected = reading.sum(up, { role }) > 0;
			if (!connected && again === 0) return [];
			const since = again > 0 ? `, made anew ${number(again)} times since the start` : '';
			const value = `${connected ? 'there' : 'not there'}${since}`;
			return [{ label: `RabbitMQ, ${role}`, value, bad: !connected }];
		}),
		known(reading, pool, () => {
			const used = reading.sum(pool, { state: 'used' });
			const idle = reading.sum(pool, { state: 'idle' });
			const waiting = reading.sum('db_client_connection_pending_requests');
			const value = `${number(used)} at work, ${number(idle)} idle, ${number(waiting)} statements wait`;
			return { label: 'MySQL', value, bad: waiting > 20 };
		}),
	]);
};
