import { startEmulator } from './emulator.ts';
import { help, readFlags } from './flags.ts';

async function main(args: readonly string[]): Promise<void> {
	const options = readFlags(args);
	if (options === 'help') {
		process.stdout.write(help);
		return;
	}
	const emulator = await startEmulator(options);
	console.log(`emulator listening on ${new URL(emulator.url).origin}`);
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
