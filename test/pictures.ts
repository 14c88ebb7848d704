import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { checksummed } from '../domain/address.ts';
import { openBrowser, type TestBrowser } from './harness/browser.ts';
import { all, ask, watch, watchOne } from './harness/client.ts';
import { randomAddress, verified, weth } from './harness/contracts.ts';
import { systemTest } from './harness/fixture.ts';
import { hostileItem } from './harness/hostile-source.ts';
import { root } from './harness/process.ts';

/** Those that documents show. */
const published = ['source', 'source-dark', 'waiting', 'list', 'phone'];
const folders = { published: join(root, 'docs/pictures'), others: join(root, '.data/pictures') };

// Calls to an upstream that fails wait as long as in production, so that there is something to see.
const test = systemTest({ worker: { RETRY_BASE_MS: '30000' } });

let browser: TestBrowser;
let page: Page;
test.beforeAll(async () => {
	for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
	browser = await openBrowser();
	page = await browser.context.newPage();
});
afterAll(() => browser.close());

const submit = 'mutation ($address: Address!) { submitContract(address: $address) { version } }';
const tbtc = '0x9C070027cdC9dc8F82416B2e5314E11DFb4FE3CD';
const proxy = '0x232CC47AECCC55C2CAcE4372f5B268b27ef7cac8';
const safe = '0x41675C099F32341bf84BFc5382aF534df5C7461a';

const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

async function shot(
	name: string,
	url: string,
	text: string,
	{ dark = false, phone = false, before = async () => {} } = {},
): Promise<void> {
	await page.setViewportSize(phone ? sizes.phone : sizes.desk);
	await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
	await page.goto(url);
	await page.getByText(text).first().waitFor();
	await before();
	await page.evaluate('document.fonts.ready');
	await page.waitForLoadState('networkidle');
	const folder = published.includes(name) ? folders.published : folders.others;
	await page.screenshot({ path: join(folder, `${name}.png`) });
}

test('every state has its picture', async ({ system, server, writer }) => {
	const at = (address: string, rest = '') => `${server.url}/1/${address}${rest}`;
	async function get(address: string): Promise<void> {
		await ask(server.url, submit, { address });
		await all(watch('ws', server.url, watchOne, { address }));
	}
	await Promise.all([weth, tbtc, proxy, safe].map(get));
	const missing = checksummed(randomAddress());
	await get(missing);
	const hostile = checksummed(randomAddress());
	system.emulator.put(1, hostile, hostileItem());
	await get(hostile);
	const failing = checksummed(randomAddress());
	system.emulator.inject(1, failing, ['http-503', 'http-503', 'http-503']);
	await ask(server.url, submit, { address: failing });
	const waiting = writer.fresh();
	await writer.change(waiting);

	const lines = '/contracts/vault/TBTCOptimisticMinting.sol#L184-L196';
	await shot('home', server.url, 'Source stored');
	await shot('home-dark', server.url, 'Source stored', { dark: true });
	await shot('home-phone', server.url, 'Source stored', { phone: true });
	const search = async () => {
		await page.keyboard.press('f');
		await page.keyboard.insertText('optimisticMint');
		await page.locator('.hit').first().waitFor();
		await page.keyboard.press('Escape');
		await page.keyboard.press('n');
		await page.keyboard.press('n');
		await page.locator('.hit[aria-current]').waitFor();
		await page.locator('.line.selected').waitFor();
	};
	await shot('source', at(tbtc, lines), 'struct OptimisticMintingRequest');
	await shot('source-dark', at(tbtc), 'Vault', { dark: true, before: search });
	await shot('phone', at(tbtc, lines), 'struct OptimisticMintingRequest', { phone: true });
	await shot('phone-files', at(tbtc), 'Vault', {
		phone: true,
		dark: true,
		before: () => page.getByRole('button', { name: 'Files' }).click(),
	});
	await shot('proxy', at(proxy), 'Implementation:');
	await shot('hostile', at(hostile, '/contracts/Evil.sol'), 'cannot be seen');
	await shot('abi', at(weth, '/abi'), 'Functions');
	await shot('settings-dark', at(weth, '/settings'), 'Provenance', { dark: true });
	await shot('versions', at(weth, '/versions'), 'one source so far');
	await shot('waiting', at(failing), 'tried again');
	const held = verified(system.emulator);
	const hold = system.emulator.hold(1, held);
	await ask(server.url, submit, { address: held });
	await shot('downloading-dark', at(held), 'The explorer is asked', { dark: true });
	await shot('in-line', at(waiting.address), 'Waiting in line');
	await shot('not-verified', at(missing), 'No one has published');
	await shot('not-verified-phone', at(missing), 'No one has published', {
		phone: true,
		dark: true,
	});
	await shot('new', at(checksummed(randomAddress())), 'Nobody has asked');
	await shot('wrong-address', at('0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756CcZ'), 'not an address');
	await shot('wrong-chain', `${server.url}/12/${weth}`, 'is not served here');
	const list = [weth, missing, failing, held, tbtc, safe, checksummed(randomAddress())].join();
	await shot('list', `${server.url}/list?addresses=${list}`, 'have their source');
	await shot('list-phone', `${server.url}/list?addresses=${list}`, 'have their source', {
		phone: true,
	});
	const type = async () => {
		await page
			.getByRole('textbox', { name: /^Address/ })
			.fill(`${weth}\n0x12\n${weth.replace('C', 'G')}`);
		await page.getByText('One address').waitFor();
	};
	await shot('paste', server.url, 'Source stored', { before: type });
	await shot('keys-dark', at(safe), 'Safe', { dark: true, before: () => page.keyboard.press('?') });
	hold.release();
});
