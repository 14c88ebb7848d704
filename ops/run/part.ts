import { join } from 'node:path';
import { ensurePage } from '../page/page.ts';
import { privateFolder } from '../services/folder.ts';
import { freePort, nextFreePort } from '../services/ports.ts';
import { SetupError } from '../services/setup-error.ts';
import { alreadyRunning } from './banner.ts';
import { openChildren, runInForeground } from './children.ts';
import { peekInstance } from './instance.ts';
import { createStages } from './keep-running.ts';
import { migrate, type ProductContext, startEmulator } from './product.ts';
import { aborted, type Run } from './run.ts';
import { type OpenedServices, openServices, urlFile } from './services.ts';
import { childEnvironment, emulatorKey, readSettings } from './settings.ts';

export const parts = ['services', 'migrate', 'server', 'worker', 'warmup'] as const;
export type Part = (typeof parts)[number];

type Context = Run & ProductContext;

/** `npm run services|migrate|server|worker|warmup`: one part, with what it needs. Returns the exit status. */
export async function runPart(part: Part, run: Run): Promise<number> {
	const settings = readSettings(process.env);
	privateFolder(run.folder);
	const stages = createStages(run.say);
	const startChild = await openChildren(run.printer);
	const context = { ...run, settings, stages, startChild };
	try {
		const command = `npm run ${part}`;
		const services = await openServices({ ...run, env: process.env, command, stages });
		const failed = services.gaveUp.then((reason) => {
			throw new SetupError(`${reason}: giving up`);
		});
		return await Promise.race([failed, runWith(part, services, context)]);
	} finally {
		await stages.stopAll();
	}
}

async function runWith(part: Part, services: OpenedServices, context: Context): Promise<number> {
	const { signal } = context;
	if (part === 'services') return holdServices(services, context);
	if (part === 'migrate') {
		return runInForeground(
			['ops/migrate.ts'],
			childEnvironment(process.env, services.urls),
			signal,
		);
	}
	if (part === 'server') await ensurePage(context);
	// In a database that has just been made there is nothing to work on yet.
	if (services.started.includes('MariaDB')) await migrate(services.urls, context);
	const found = { ...services.urls, ...(await findOut(part, context)) };
	return runInForeground([`${part}/main.ts`], childEnvironment(process.env, found), signal);
}

async function holdServices(services: OpenedServices, { folder, say, signal }: Context) {
	if (services.lender) throw new SetupError(alreadyRunning(services.lender));
	if (services.started.length === 0) {
		throw new SetupError('MYSQL_URL, RABBITMQ_URL and REDIS_URL are all set: nothing to start');
	}
	if (services.managementUrl) say(`RabbitMQ's pages are at ${services.managementUrl}`);
	say(`MYSQL_URL, RABBITMQ_URL and REDIS_URL, with their passwords: . ${join(folder, urlFile)}`);
	say('Ctrl-C ends them; the data stays');
	await aborted(signal);
	return 0;
}

/** Ports of its own, so that it can run beside an `npm start`; and the emulator where no key is set. */
async function findOut(part: 'server' | 'worker' | 'warmup', context: Context) {
	const { settings, folder, say } = context;
	if (part === 'warmup') return { METRICS_PORT: await freePort() };
	if (part === 'server') {
		const HTTP_PORT = await nextFreePort(settings.httpPort);
		const METRICS_PORT = await nextFreePort(settings.metricsPort, { besides: [HTTP_PORT] });
		say(`The page will be at http://localhost:${HTTP_PORT}/, metrics on ${METRICS_PORT}`);
		return { HTTP_PORT, METRICS_PORT };
	}
	const METRICS_PORT = await nextFreePort(settings.metricsPort + 1);
	say(`metrics will be on ${METRICS_PORT}`);
	if (settings.etherscanKeys > 0 || settings.etherscanUrl) return { METRICS_PORT };
	const running = await peekInstance(folder, 'start');
	const url = running?.emulatorUrl ?? (await startEmulator(context)).url;
	return { METRICS_PORT, ETHERSCAN_URL: url, ETHERSCAN_API_KEYS: emulatorKey };
}
