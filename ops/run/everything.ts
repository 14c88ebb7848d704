import { join } from 'node:path';
import { ensurePage } from '../page/page.ts';
import { privateFolder } from '../services/folder.ts';
import { SetupError } from '../services/setup-error.ts';
import { addresses, alreadyRunning, banner, type Facts, upstreamLine } from './banner.ts';
import { openChildren } from './children.ts';
import { claimInstance } from './instance.ts';
import { createStages } from './keep-running.ts';
import { openMonitoring } from './monitoring.ts';
import {
	migrate,
	type ProductContext,
	startEmulator,
	startPage,
	startProcesses,
} from './product.ts';
import { aborted, type Run } from './run.ts';
import { openServices } from './services.ts';
import { checkPorts, emulatorKey, readSettings } from './settings.ts';

type Opened = { facts: Facts; emulatorUrl: string | undefined; gaveUp: Promise<string> };
type Context = Run & ProductContext & Options & { command: string };

export type Options = {
	monitoring: boolean;
	/** Whether server and worker are started again when one of their files is saved. */
	watch: boolean;
};

/** `npm start`: everything, until a signal. Throws when it cannot start or cannot go on; nothing is left then. */
export async function runEverything(run: Run, options: Options): Promise<number> {
	const settings = readSettings(process.env);
	privateFolder(run.folder);
	const command = options.watch ? 'npm run dev' : 'npm start';
	const state = { command, pid: process.pid, ready: false, urls: {} };
	const claim = await claimInstance(run.folder, 'start', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	const stages = createStages(run.say);
	try {
		const startChild = await openChildren(run.printer, join(run.folder, 'children.json'));
		await checkPorts(settings);
		const { facts, emulatorUrl, gaveUp } = await open({
			...{ ...run, ...options, command, settings, stages, startChild },
		});
		claim.update({ ...state, ready: true, urls: addresses(facts), emulatorUrl });
		console.log(banner(facts));
		const reason = await Promise.race([gaveUp, aborted(run.signal)]);
		if (reason) throw new SetupError(`${reason}: giving up`);
		return 0;
	} finally {
		await stages.stopAll();
		claim.release();
	}
}

/** It is nobody's scarce good, so it need not be spared. */
function emulatedEtherscan(url: string) {
	const pace = process.env['ETHERSCAN_RPS']?.trim() || '100';
	return { ETHERSCAN_URL: url, ETHERSCAN_API_KEYS: emulatorKey, ETHERSCAN_RPS: pace };
}

async function open(context: Context): Promise<Opened> {
	const { settings } = context;
	await ensurePage(context);
	const services = await openServices({ ...context, env: process.env });
	await migrate(services.urls, context);
	const at = (port: number) => [`127.0.0.1:${port}`];
	const { metricsPort } = settings;
	const watched = { server: at(metricsPort), worker: at(metricsPort + 1), ...services.own };
	const monitoring = context.monitoring ? openMonitoring(watched, context) : undefined;
	const { etherscanKeys, etherscanUrl, sources } = settings;
	const own = etherscanKeys > 0 || etherscanUrl !== undefined || !sources.includes('etherscan');
	const emulator = own ? undefined : await startEmulator(context);
	const found = {
		...services.urls,
		HTTP_PORT: settings.httpPort,
		...(emulator && emulatedEtherscan(emulator.url)),
	};
	const processes = await startProcesses(
		context,
		found,
		context.watch ? ['ops/run/on-save.ts'] : [],
	);
	const facts: Facts = {
		httpPort: settings.httpPort,
		metricsPort: settings.metricsPort,
		pageUrl: context.watch ? await startPage(context) : undefined,
		managementUrl: services.managementUrl,
		dataFolder: context.folder,
		monitoring: (await monitoring?.()) ?? {},
		upstream: upstreamLine(settings, emulator?.contracts ?? 0),
	};
	const all = [services, processes, ...(emulator ? [emulator] : [])].map((one) => one.gaveUp);
	return { facts, emulatorUrl: emulator?.url, gaveUp: Promise.race(all) };
}
