import { dirname } from 'node:path';
import { runCommand } from '../ops/run/run.ts';
import { runTests } from './runner/run-tests.ts';

process.chdir(dirname(import.meta.dirname));

await runCommand('.data/test', 'test', { whenStopped: 1 }, (run) =>
	runTests(process.argv.slice(2), run),
);
