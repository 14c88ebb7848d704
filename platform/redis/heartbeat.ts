import { Cluster, type Redis } from 'ioredis';
import { patience } from '../../domain/wait.ts';

/**
 * Asks a connection for a sign of life every `ms`, and connects anew where none comes within `ms`: a
 * peer that hangs, or is lost without a word, is noticed although nothing is asked of it. Of a cluster, each node.
 */
export function keepAlive(redis: Redis | Cluster, ms: number): void {
	if (redis instanceof Cluster) redis.on('+node', (node: Redis) => beatOf(node, ms));
	else beatOf(redis, ms);
}

function beatOf(redis: Redis, ms: number): void {
	const ended = new AbortController();
	let asked = false;

	async function beat(): Promise<void> {
		if (asked || redis.status !== 'ready') return;
		asked = true;
		let answered = false;
		const answer = redis.ping().then(
			() => {
				answered = true;
			},
			() => {},
		);
		await patience(answer, ms, ended.signal);
		// After a standstill of this very process the time is over before the answer that waits is read.
		if (!answered) await new Promise(setImmediate);
		asked = false;
		// Still the connection that was asked: another one would have settled the ping.
		if (!answered && redis.status === 'ready') redis.disconnect(true);
	}

	const timer = setInterval(() => void beat(), ms);
	timer.unref();
	redis.once('end', () => {
		clearInterval(timer);
		ended.abort();
	});
}
