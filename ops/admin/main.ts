import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadEnvFile } from 'node:process';
import { CommanderError } from 'commander';
import { explain } from './explain.ts';
import { createProgram } from './program.ts';

process.chdir(dirname(dirname(import.meta.dirname)));
if (existsSync('.env')) loadEnvFile('.env');

try {
	await createProgram().parseAsync();
} catch (error) {
	if (error instanceof CommanderError) {
		// It has said already what is wrong.
		process.exitCode = error.exitCode === 0 ? 0 : 2;
	} else {
		const { text, status } = explain(error);
		process.stderr.write(`${text}\n`);
		process.exitCode = status;
	}
}
