import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadEnvFile } from 'node:process';
import { parseArgs } from 'node:util';
import { runEverything } from './run/everything.ts';
import { type Part, parts, runPart } from './run/part.ts';
import { runCommand } from './run/run.ts';
import { SetupError } from './services/setup-error.ts';

process.chdir(dirname(import.meta.dirname));
if (existsSync('.env')) loadEnvFile('.env');

await runCommand('.data', 'start', { whenStopped: 0 }, async (run) => {
	const { values } = parseArgs({
		options: { only: { type: 'string' }, monitoring: { type: 'boolean', default: true } },
		allowNegative: true,
	});
	const { monitoring } = values;
	if (values.only === undefined) return runEverything(run, { monitoring });
	if (!isPart(values.only))
		throw new SetupError(`--only ${values.only}: expected ${parts.join(', ')}`);
	return runPart(values.only, run);
});

function isPart(name: string): name is Part {
	return parts.some((part) => part === name);
}
