import { SetupError } from '../services/setup-error.ts';
import { createPrinter, type Printer, wantsColour } from './printer.ts';
import { stopSignals } from './stop-signals.ts';

/** What one command of ours runs with. */
export type Run = {
	/** Where everything that is kept lies; relative, so that socket paths stay short. */
	folder: string;
	printer: Printer;
	/** A line of our own among those of the processes. */
	say: (text: string) => void;
	/** Aborts when somebody asks for the end. */
	signal: AbortSignal;
};

/** Opens a run, does the work and turns its outcome into the exit status. */
export async function runCommand(
	folder: string,
	name: string,
	{ whenStopped }: { whenStopped: number },
	work: (run: Run) => Promise<number>,
): Promise<void> {
	const coloured = wantsColour(process.env, process.stdout.isTTY);
	const printer = createPrinter((text) => process.stdout.write(text), coloured);
	const say = (text: string) => printer.line(name, text);
	const signal = stopSignals();
	try {
		process.exitCode = await work({ folder, printer, say, signal });
	} catch (error) {
		if (signal.aborted) {
			process.exitCode = whenStopped;
			return;
		}
		process.exitCode = 1;
		console.error(explain(error, folder));
	}
}

function explain(error: unknown, folder: string): unknown {
	if (error instanceof SetupError) return `\n${error.message}\n`;
	const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
	const hint = `Was ${folder} made by another user, such as root? Give it to yourself, or remove it.`;
	return denied ? `\n${error.message}\n${hint}\n` : error;
}
