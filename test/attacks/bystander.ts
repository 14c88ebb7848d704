import { Agent, request } from 'node:http';

/** From a machine of its own. */
const localAddress = '127.0.0.3';
const everyMs = 30;
const body = JSON.stringify({ query: '{ contracts(first: 1) { edges { node { version } } } }' });

interface Seen {
	perSecond: number;
	slowestMs: number;
}

/** Somebody who asks 33 times a second, whether the last question was answered or not. */
export function startBystander(url: string) {
	const agent = new Agent({ keepAlive: true });
	const startedAt = performance.now();
	let answered = 0;
	let slowestMs = 0;

	function askOnce(): void {
		const askedAt = performance.now();
		const options = {
			...{ agent, localAddress, method: 'POST' },
			headers: { 'content-type': 'application/json' },
		};
		const sent = request(new URL('/graphql', url), options, (response) => {
			response.resume().once('end', () => {
				if (response.statusCode !== 200) return;
				answered += 1;
				slowestMs = Math.max(slowestMs, performance.now() - askedAt);
			});
		});
		sent.on('error', () => {});
		sent.end(body);
	}

	const asking = setInterval(askOnce, everyMs);
	return {
		async stop(): Promise<Seen> {
			clearInterval(asking);
			const seconds = (performance.now() - startedAt) / 1_000;
			agent.destroy();
			return { perSecond: answered / seconds, slowestMs };
		},
	};
}
