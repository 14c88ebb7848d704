import { existsSync } from 'node:fs';
import { getIntrospectionQuery } from 'graphql';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect } from 'vitest';
import { graphiql } from '../server/graphiql.ts';
import { browserProgram, openBrowser, type TestBrowser } from './harness/browser.ts';
import { ask } from './harness/client.ts';
import { systemTest } from './harness/fixture.ts';

const test = systemTest({ worker: {} });

const tabs = graphiql.defaultTabs ?? [];

test('there is an example for each operation of the schema, and the queries run as they are', async ({
	server,
}) => {
	const fields = ['submitContract', 'submitContracts', 'contractStatus', 'contractStatuses'];
	for (const name of [...fields, 'contract', 'cachedContract', 'contracts', 'node', 'chains']) {
		expect(tabs.some(({ query }) => new RegExp(`\\b${name}\\b`).test(query ?? ''))).toBe(true);
	}
	for (const { query } of tabs.filter((tab) => !tab.query?.includes('subscription '))) {
		expect((await ask(server.url, query ?? '')).errors).toBeUndefined();
	}
});

const asBrowser = { accept: 'text/html', 'accept-encoding': 'gzip, br' };

test('the page is small, and what it loads is compressed and kept by browsers for good', async ({
	server,
}) => {
	const answer = await fetch(`${server.url}/graphql`, { headers: asBrowser });
	expect(Object.fromEntries(answer.headers)).toMatchObject({
		'content-type': 'text/html; charset=utf-8',
		'content-encoding': 'br',
		'cache-control': 'no-cache',
		vary: 'Accept, Accept-Encoding',
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'no-referrer',
		'content-security-policy': expect.stringMatching(
			/^default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
		),
	});
	const html = await answer.text();
	expect(html.length).toBeLessThan(2_000);
	const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
	expect(loaded.map((path) => path.replace(/.*\./, ''))).toEqual(['ico', 'css', 'js', 'js']);
	for (const path of loaded) {
		const asset = await fetch(server.url + path, { headers: asBrowser });
		expect(asset.headers.get('content-encoding')).toBe('br');
		expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
		const plain = await fetch(server.url + path, { headers: { 'accept-encoding': 'identity' } });
		expect(plain.headers.get('content-encoding')).toBeNull();
		const [whole, compressed] = [await plain.bytes(), await asset.bytes()];
		expect(Buffer.compare(whole, compressed)).toBe(0);
		expect(plain.headers.get('etag')).not.toBe(asset.headers.get('etag'));
		await expectUnchanged(server.url + path, asset);
	}
	await expectUnchanged(`${server.url}/graphql`, answer);
	expect((await fetch(`${server.url}/graphiql/none.js`)).status).toBe(404);
});

async function expectUnchanged(url: string, { headers }: Response): Promise<void> {
	const tag = { 'if-none-match': headers.get('etag') ?? '' };
	expect((await fetch(url, { headers: { ...asBrowser, ...tag } })).status).toBe(304);
}

test('it can be turned off, and so can the schema and hints at its names', async ({ system }) => {
	const off = { GRAPHIQL: 'false', INTROSPECTION: 'false', SUGGESTIONS: 'false' };
	const closed = await system.server(off);
	const answer = await fetch(`${closed.url}/graphql?query={__typename}`, { headers: asBrowser });
	expect(answer.headers.get('content-type')).not.toContain('html');
	expect((await fetch(`${closed.url}/`)).status).toBe(404);
	for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
		expect((await ask(closed.url, query)).errors?.[0]?.message).toMatch(/introspection/i);
	}
	const mistake = '{ chain { id } }';
	expect((await ask(closed.url, mistake)).errors?.[0]?.message).not.toMatch(/chains|did you/i);
	await closed.stop();
});

test('by default the schema can be read, and hints are given', async ({ server }) => {
	expect((await ask(server.url, getIntrospectionQuery())).errors).toBeUndefined();
	const mistake = '{ chain { id } }';
	expect((await ask(server.url, mistake)).errors?.[0]?.message).toMatch(/Did you mean "chains"/);
});

describe.skipIf(!existsSync(browserProgram))('in a real browser', () => {
	let browser: TestBrowser;
	let page: Page;
	const elsewhere: string[] = [];
	const sockets: string[] = [];
	/** What the browser did not do because the page's policy forbids it. */
	const forbidden: string[] = [];

	test.beforeAll(async ({ server }) => {
		browser = await openBrowser();
		page = await browser.context.newPage();
		page.on('request', (request) => {
			const url = new URL(request.url());
			if (url.protocol.startsWith('http') && url.origin !== server.url) elsewhere.push(url.href);
		});
		page.on('console', (line) => {
			if (line.text().includes('Content Security Policy')) forbidden.push(line.text());
		});
		page.on('websocket', (socket) => sockets.push(socket.url()));
		await page.goto(`${server.url}/graphql`);
		await page.locator('.graphiql-execute-button').waitFor();
	});
	afterAll(() => browser.close());

	/** Runs a tab's example until the answer holds the text; GraphiQL is slower than a click. */
	async function run(tab: string, text: string): Promise<void> {
		const editor = page.locator('.graphiql-query-editor', {
			hasText: new RegExp(`\\b${tab}\\s\\{`),
		});
		while (!(await editor.isVisible())) {
			await page.locator('.graphiql-tab-button', { hasText: new RegExp(`^${tab}$`) }).click();
			await page.evaluate('new Promise(requestAnimationFrame)');
		}
		const answer = page.locator('.result-window', { hasText: text });
		while (!(await answer.isVisible())) {
			await page.locator('.graphiql-execute-button').click();
			await answer.waitFor({ timeout: 2_000 }).catch(() => {});
		}
	}

	test('a contract is submitted, watched over WebSocket, and its source read', async ({
		server,
	}) => {
		await run('Submit', 'submitContract');
		await run('Watch', 'contractStatus');
		expect(sockets).toContain(`${server.url.replace('http', 'ws')}/graphql`);
		await run('Read', 'compilerVersion');
	});

	test('no other host is asked for anything, and the policy of the page forbids nothing that it does', () => {
		expect(elsewhere).toEqual([]);
		expect(forbidden).toEqual([]);
	});
});
