import { expect } from 'vitest';
import { all, ask, openWs, watch, watchOne } from './harness/client.ts';
import { weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';

const mostBytes = 100_000;

const test = systemTest({
	server: {
		MAX_ANSWER_BYTES: `${mostBytes}`,
		MAX_QUERY_SOURCE_BYTES: `${mostBytes}`,
		REQUESTS_PER_SECOND_PER_CLIENT: '100000',
	},
	worker: {},
}).extend('stored', { scope: 'file', auto: true }, async ({ server }) => {
	await ask(server.url, `mutation { submitContract(address: "${weth}") { version } }`);
	await all(watch('ws', server.url, watchOne, { address: weth }));
	return weth;
});

/** The contents of one source, so many times. */
const contents = (times: number) =>
	`source { files { ${Array.from({ length: times }, (_, n) => `c${n}: content`).join(' ')} } }`;
const read = (times: number) => `{ contract(address: "${weth}") { ${contents(times)} } }`;
const follow = (times: number) =>
	`subscription { contractStatus(address: "${weth}", afterVersion: 2) { contract { ${contents(times)} } } }`;

/** The first answer, as text, to a query that asks for the contents so many times. */
type Door = (url: string, times: number) => Promise<string>;

async function overWs(url: string, query: string): Promise<string> {
	const client = openWs(url);
	const { value } = await client.iterate({ query }).next();
	await client.dispose();
	return JSON.stringify(value);
}

const get = async (url: string, query: string, accept: string) => {
	const address = `${url}/graphql?query=${encodeURIComponent(query)}`;
	return (await fetch(address, { headers: { accept } })).text();
};

const doors: [string, Door][] = [
	['a first POST', async (url, times) => JSON.stringify(await ask(url, read(times)))],
	[
		'a POST that is known, and compiled',
		async (url, times) => {
			for (let n = 0; n < 25; n += 1) await ask(url, read(times));
			return JSON.stringify(await ask(url, read(times)));
		},
	],
	['a GET', (url, times) => get(url, read(times), 'application/json')],
	['a query over WebSocket', (url, times) => overWs(url, read(times))],
	['a subscription over WebSocket', (url, times) => overWs(url, follow(times))],
	['a subscription over SSE', (url, times) => get(url, follow(times), 'text/event-stream')],
];

test.for(doors)(
	'%s is not answered with more than MAX_ANSWER_BYTES, and within them it is',
	async ([_, door], { server }) => {
		const refused = await door(server.url, 45);
		expect(refused).toMatch(`longer than ${mostBytes} bytes`);
		expect(refused).toMatch('BAD_USER_INPUT');
		expect(refused.length).toBeLessThan(2_000);
		const answered = await door(server.url, 1);
		expect(answered).toMatch('contract WETH9');
		expect(answered).not.toMatch('errors');
	},
);

test('a source counts once, and is read once, however many fields ask for it at once', async ({
	server,
}) => {
	const aliases = Array.from({ length: 45 }, (_, n) => `f${n}: file(path: "nothing") { size }`);
	const source = `source { size ${aliases.join(' ')} }`;
	const answer = await ask<{ contract: { source: { size: number } } }>(
		server.url,
		`{ contract(address: "${weth}") { ${source} } }`,
	);
	expect(answer.errors).toBeUndefined();
	expect(answer.data.contract.source.size * aliases.length).toBeGreaterThan(mostBytes);
});
