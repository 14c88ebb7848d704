import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadEnvFile } from 'node:process';
import { parseArgs } from 'node:util';
import { type Options, runEverything } from './run/everything.ts';
import { type Part, parts, runPart } from './run/part.ts';
import { runCommand } from './run/run.ts';
import { SetupError } from './services/setup-error.ts';

const usage = `npm start -- [--no-monitoring] [--watch] [--help]
  --no-monitoring  without Prometheus, Alertmanager and exporters
  --watch          server and worker start again when one of their files is saved
  one part alone: npm run ${parts.join(', npm run ')}`;

process.chdir(dirname(import.meta.dirname));
if (existsSync('.env')) loadEnvFile('.env');

await runCommand('.data', 'start', { whenStopped: 0 }, async (run) => {
	const { only, help, ...options } = readFlags();
	if (help) {
		console.log(usage);
		return 0;
	}
	return only === undefined ? runEverything(run, options) : runPart(only, run);
});

type Flags = { only: Part | undefined; help: boolean } & Options;

function readFlags(): Flags {
	try {
		const { values } = parseArgs({
			options: {
				only: { type: 'string' },
				monitoring: { type: 'boolean', default: true },
				watch: { type: 'boolean', default: false },
				help: { type: 'boolean', short: 'h', default: false },
			},
			allowNegative: true,
		});
		const { only } = values;
		if (only === undefined || isPart(only)) return { ...values, only };
		throw new Error(`--only ${only}: expected ${parts.join(', ')}`);
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
}

function isPart(name: string): name is Part {
	return parts.some((part) => part === name);
}
