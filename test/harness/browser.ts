import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** Debian's; where it is missing, what needs it is left out. */
export const browserProgram = '/usr/bin/chromium';

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

export interface TestBrowser {
	context: BrowserContext;
	close(): Promise<void>;
}

export async function openBrowser(): Promise<TestBrowser> {
	const folder = await mkdtemp(join(tmpdir(), 'verifeed-browser-'));
	const context = await chromium.launchPersistentContext(folder, {
		executablePath: browserProgram,
		args: quiet,
		timeout: patience,
		viewport: { width: 1280, height: 800 },
	});
	context.setDefaultTimeout(patience);
	return {
		context,
		async close() {
			await context.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
