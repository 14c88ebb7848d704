import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect } from 'vitest';
import { graphiql } from '../server/graphiql.ts';
import { ask } from './harness/client.ts';
import { systemTest } from './harness/fixture.ts';

const program = '/usr/bin/chromium';
const quiet = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** A browser's first start on a busy machine reads hundreds of megabytes. */
const patience = 100_000;

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

describe.skipIf(!existsSync(program))('in a real browser', () => {
	let folder: string;
	let browser: BrowserContext;
	let page: Page;
	const elsewhere: string[] = [];
	const sockets: string[] = [];

	test.beforeAll(async ({ server }) => {
		folder = await mkdtemp(join(tmpdir(), 'verifeed-browser-'));
		browser = await chromium.launchPersistentContext(folder, {
			executablePath: program,
			args: quiet,
			timeout: patience,
		});
		browser.setDefaultTimeout(patience);
		page = await browser.newPage();
		page.on('request', (request) => {
			const url = new URL(request.url());
			if (url.protocol.startsWith('http') && url.origin !== server.url) elsewhere.push(url.href);
		});
		page.on('websocket', (socket) => sockets.push(socket.url()));
		await page.goto(`${server.url}/graphql`);
		await page.locator('.graphiql-execute-button').waitFor();
	});
	afterAll(async () => {
		await browser.close();
		await rm(folder, { recursive: true, force: true });
	});

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

	test('no other host is asked for anything', () => {
		expect(elsewhere).toEqual([]);
	});
});
