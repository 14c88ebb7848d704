import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect } from 'vitest';
import { checksummed } from '../domain/address.ts';
import { browserProgram, openBrowser, type TestBrowser } from './harness/browser.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress, verified, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import { hostile, hostileItem } from './harness/hostile-source.ts';

const test = systemTest({ worker: {} });

const submit = 'mutation ($address: Address!) { submitContract(address: $address) { version } }';

async function get(url: string, address: string): Promise<void> {
	await ask(url, submit, { address });
	await all(watch('ws', url, watchOne, { address }));
}

/** Compressed: as much as a slow phone takes in a second or two. */
const mostBytes = 150_000;

test('the page is small, kept by browsers for good, and the same at every link', async ({
	server,
}) => {
	const headers = { 'accept-encoding': 'br' };
	const answer = await fetch(`${server.url}/`, { headers });
	expect(Object.fromEntries(answer.headers)).toMatchObject({
		'content-type': 'text/html; charset=utf-8',
		'content-encoding': 'br',
		'cache-control': 'no-cache',
		'content-security-policy': expect.not.stringContaining('unsafe'),
	});
	const html = await answer.text();
	const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
	let bytes = 0;
	for (const path of loaded) {
		const asset = await fetch(server.url + path, { headers });
		expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
		if (path.endsWith('.js')) bytes += Number(asset.headers.get('content-length'));
		await asset.bytes();
	}
	expect(bytes).toBeGreaterThan(10_000);
	expect(bytes).toBeLessThan(mostBytes);
	for (const path of ['/list?addresses=', `/1/${weth}`, `/1/${weth}/a%2Fb/c.sol?of=1`, '/1/0x']) {
		expect(await (await fetch(server.url + path)).text()).toBe(html);
	}
	for (const path of ['/assets/none.js', '/1', '/x/y', '/web/dist/index.html']) {
		expect((await fetch(server.url + path)).status).toBe(404);
	}
	expect((await fetch(`${server.url}/`, { method: 'POST' })).status).toBe(404);
});

describe.skipIf(!existsSync(browserProgram))('in a real browser', () => {
	let browser: TestBrowser;
	let page: Page;
	/** What should not have happened: other hosts, errors, what the page's policy forbids. */
	const wrong: string[] = [];

	test.beforeAll(async ({ server }) => {
		browser = await openBrowser();
		page = await browser.context.newPage();
		page.on('request', (request) => {
			const url = new URL(request.url());
			if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1') wrong.push(url.href);
		});
		page.on('pageerror', (error) => wrong.push(error.message));
		page.on('console', (line) => {
			if (line.text().includes('Content Security Policy')) wrong.push(line.text());
		});
		await page.goto(server.url);
	});
	afterAll(() => browser.close());

	const line = (number: number) => page.locator(`.line[data-line="${number}"]`);

	test('an address is submitted, its source is seen to arrive, and a refresh by anybody shows', async ({
		system,
		server,
	}) => {
		const address = verified(system.emulator, 'contract Arriving {}\n', 'Arriving');
		const held = system.emulator.hold(1, address);
		await page.goto(server.url);
		await page.getByRole('textbox', { name: /^Address/ }).fill(`get ${address}, please`);
		await page.getByRole('button', { name: 'Get it' }).click();
		await page.getByRole('heading', { name: 'Downloading' }).waitFor();
		held.release();
		await page.getByText('contract Arriving {}').waitFor();
		expect(await page.title()).toBe('Arriving · SUCCESS · verifeed');
		expect(new URL(page.url()).pathname).toBe(`/1/${address}`);
		system.emulator.put(1, address, {
			SourceCode: 'contract Renewed {}\n',
			ContractName: 'Renewed',
		});
		const refresh = submit.replace('address: $address', 'address: $address, refresh: true');
		await ask(server.url, refresh, { address });
		await page.getByText('contract Renewed {}').waitFor();
		await page.getByRole('link', { name: 'Versions' }).click();
		await page.getByRole('link', { name: 'What changed' }).click();
		await page.locator('.diff-removed .diff-text', { hasText: 'contract Arriving {}' }).waitFor();
	});

	test('a link opened cold leads to its lines, and asks for nothing that nobody submitted', async ({
		server,
	}) => {
		const link = `${server.url}/1/${weth.toLowerCase()}/WETH9.sol#L60-L62`;
		await page.goto(link);
		await page.getByRole('heading', { name: 'Nobody has asked' }).waitFor();
		await page.getByRole('button', { name: 'Get it' }).last().click();
		await line(60).waitFor();
		await page.goto('about:blank');
		await page.goto(link);
		await line(62).waitFor();
		expect(await page.locator('.line.selected').count()).toBe(3);
		expect(await line(60).evaluate((one) => one.getBoundingClientRect().top)).toBeLessThan(800);
		await line(64).click({ position: { x: 20, y: 8 }, modifiers: ['Shift'] });
		expect(new URL(page.url()).hash).toBe('#L60-L64');
	});

	test('the source of a stranger is shown and does nothing', async ({ system, server }) => {
		const address = checksummed(randomAddress());
		system.emulator.put(1, address, hostileItem());
		await get(server.url, address);
		const files = Object.keys(hostile.files);
		await page.goto(`${server.url}/1/${address}/contracts/Evil.sol`);
		await page.getByText('<script>window.hacked = 1</script>').waitFor();
		expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostile.name);
		expect(await page.locator('.code .unseen').allTextContents()).toEqual(
			['202E', '2066', '2069', '2066', '200B'].map((code) => `U+${code}`),
		);
		expect(await page.locator('.code').textContent()).not.toMatch(/[\u200b-\u200f\u202a-\u2069]/);
		const links = page.locator('.tree-file');
		expect(await links.count()).toBe(files.length);
		for (const href of await links.evaluateAll((all) =>
			all.map((one) => (one as HTMLAnchorElement).href),
		)) {
			expect(href.startsWith(`${server.url}/1/${address}`)).toBe(true);
		}
		for (let at = 0; at < files.length; at += 1) {
			await links.nth(at).click();
			await links.nth(at).and(page.locator('[aria-current]')).waitFor();
		}
		await page.goto(`${server.url}/1/${address}/contracts/Large.sol#L16001`);
		await page.locator('.line.selected', { hasText: '// the end' }).waitFor();
		await page.getByRole('link', { name: 'ABI', exact: true }).click();
		await page.getByText('<b>f</b>').waitFor();
		expect(await page.locator('main script, main img, main b, main iframe').count()).toBe(0);
		expect(await page.evaluate('window.hacked')).toBeUndefined();
	});

	test('from a pasted address to a line of code without a mouse', async ({ server }) => {
		await get(server.url, safe);
		await page.goto(server.url);
		await page.getByRole('heading', { level: 1 }).waitFor();
		await page.keyboard.press('/');
		await page.keyboard.insertText(safe);
		await page.keyboard.press('Enter');
		await line(1).waitFor();
		await page.keyboard.press('t');
		await page.keyboard.type('owner');
		await page.locator('.side-foot', { hasText: '1 of 16 files' }).waitFor();
		await page.keyboard.press('Tab');
		await page.locator('.tree-folder:focus').waitFor();
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'contracts/base/OwnerManager.sol' }).waitFor();
		await page.keyboard.press('f');
		await page.keyboard.type('SENTINEL_OWNERS');
		await page.locator('.hit').first().waitFor();
		await page.keyboard.press('Escape');
		await page.keyboard.press('n');
		await page.locator('.line.selected', { hasText: 'SENTINEL_OWNERS' }).waitFor();
		await page.keyboard.press('l');
		await page.keyboard.type('3-5');
		await page.keyboard.press('Enter');
		await line(3).and(page.locator('.selected')).waitFor();
		expect(page.url()).toMatch(/OwnerManager\.sol#L3-L5$/);
		await page.keyboard.press('?');
		await page.getByRole('dialog', { name: 'Keys' }).waitFor();
		await page.keyboard.press('Escape');
	});

	test('no view hides anything from who cannot see or point, in light and in dark', async ({
		system,
		server,
	}) => {
		await get(server.url, proxy);
		const missing = checksummed(randomAddress());
		await get(server.url, missing);
		const views = [
			['/', 'Recent'],
			[`/1/${proxy}`, 'Implementation:'],
			[`/1/${weth}/abi`, 'Functions'],
			[`/1/${weth}/settings`, 'Provenance'],
			[`/1/${weth}/versions`, 'one source so far'],
			[`/1/${missing}`, 'No one has published'],
			[`/1/${verified(system.emulator)}`, 'Nobody has asked'],
			['/1/0xZZ', 'This is not an address'],
			['/424242/0x0000000000000000000000000000000000000001', 'is not served here'],
			[`/list?addresses=${weth},${missing}`, '2 contracts'],
		] as const;
		for (const [at, [path, text]] of views.entries()) {
			await page.emulateMedia({ colorScheme: at % 2 === 0 ? 'light' : 'dark' });
			await page.goto(server.url + path);
			await page.getByText(text).first().waitFor();
			expect(await violations(page), path).toEqual([]);
		}
		await page.emulateMedia({ colorScheme: 'light' });
	});

	test('while the server is away the page says so, then it catches up and has missed nothing', async ({
		system,
		writer,
	}) => {
		const first = await system.server();
		const key = writer.fresh();
		await writer.change(key, 2);
		await page.goto(`${first.url}/1/${key.address}`);
		await versions(page, '2');
		await page.evaluate('window.isSamePage = true');
		await first.stop();
		await page.getByText('The server can’t be reached').waitFor();
		await writer.change(key, 3);
		const second = await system.server({ HTTP_PORT: new URL(first.url).port });
		await versions(page, '5');
		expect(await page.locator('.history tbody td:first-child').allTextContents()).toEqual([
			'5',
			'4',
			'3',
			'2',
			'1',
		]);
		await page.getByText('The server can’t be reached').waitFor({ state: 'detached' });
		expect(await page.evaluate('window.isSamePage')).toBe(true);
		await second.stop();
	});

	test('no other host was asked for anything, nothing failed, and nothing was forbidden', () => {
		expect(wrong).toEqual([]);
	});
});

const safe = '0x41675C099F32341bf84BFc5382aF534df5C7461a';
const proxy = '0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8';

async function versions(page: Page, newest: string): Promise<void> {
	const cell = page.locator('.history tbody tr:first-child td:first-child');
	await cell.getByText(newest, { exact: true }).waitFor();
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
	await page.evaluate(`${axe};0`);
	const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
	return violations.flatMap(({ id, nodes }) =>
		nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
	);
}
