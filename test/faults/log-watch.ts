/** Reads along what all processes print, keeps the end of it, and remembers what must not be there. */
export interface LogWatch {
	line(from: string, text: string): void;
	/** Texts that may be in no line. */
	forbid(secrets: readonly string[]): void;
	readonly lines: number;
	/** Lines with a secret in it, the secret left out. */
	readonly leaks: readonly string[];
	readonly crashes: readonly string[];
	/** How often each message of level error came, with who said it and its innermost cause. */
	readonly errors: ReadonlyMap<string, number>;
	/** The last lines of a process. */
	tail(from: string, count: number): string[];
}

const kept = 2_000;
const keptFindings = 50;
const crash = /process crashed|unhandled|UnhandledPromise|FATAL ERROR|heap out of memory/i;

export function createLogWatch(): LogWatch {
	const tails = new Map<string, string[]>();
	const secrets: string[] = [];
	const leaks: string[] = [];
	const crashes: string[] = [];
	const errors = new Map<string, number>();
	let lines = 0;

	function find(list: string[], finding: string): void {
		if (list.length < keptFindings) list.push(finding.slice(0, 1_000));
	}

	return {
		line(from, text) {
			lines += 1;
			const tail = tails.get(from) ?? [];
			tails.set(from, tail);
			tail.push(text);
			if (tail.length >= 2 * kept) tail.splice(0, kept);
			const secret = secrets.find((one) => text.includes(one));
			if (secret) find(leaks, `${from}: ${text.replaceAll(secret, '[SECRET]')}`);
			if (crash.test(text)) find(crashes, `${from}: ${text}`);
			if (!text.includes('"level":"error"')) return;
			const name = `${from.split('-')[0]}: ${reasonOf(text)}`;
			errors.set(name, (errors.get(name) ?? 0) + 1);
		},
		forbid(added) {
			secrets.push(...added.filter((text) => text !== ''));
		},
		get lines() {
			return lines;
		},
		leaks,
		crashes,
		errors,
		tail: (from, count) => tails.get(from)?.slice(-count) ?? [],
	};
}

interface Cause {
	message?: string;
	code?: string;
	cause?: Cause;
}

/** The message and the last of the causes, without what differs from one to the next. */
function reasonOf(line: string): string {
	try {
		// A line of our own log.
		const { message, error } = JSON.parse(line) as { message: string; error?: Cause };
		let last = error;
		while (last?.cause) last = last.cause;
		const text = `${last?.code ?? ''} ${last?.message ?? ''}`.replace(/0x[0-9a-f]+|\d+/gi, 'N');
		return `${message}: ${text.trim().slice(0, 100)}`;
	} catch {
		return line.slice(0, 100);
	}
}
