import { controlPath } from './control.ts';
import { startEmulator } from './emulator.ts';
import { help, readFlags } from './flags.ts';
import { apiNames } from './protocol.ts';

async function main(args: readonly string[]): Promise<void> {
	const options = readFlags(args);
	if (options === 'help') {
		process.stdout.write(help);
		return;
	}
	const emulator = await startEmulator(options);
	const { origin } = new URL(emulator.url);
	console.log(`emulator listening on ${origin}`);
	for (const name of apiNames) console.log(`${name} at ${emulator[name].url}`);
	console.log(`controls at ${origin}${controlPath}`);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void emulator.close());
	}
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
