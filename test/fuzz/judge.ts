import { root } from '../harness/process.ts';

/** What no answer may hold: an error that nobody masked, a stack, a place on the server's disk, a driver's words. */
const forbidden: readonly [what: string, pattern: RegExp][] = [
	['an unexpected error', /INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE|Unexpected error/],
	['a stack', /\bat [^\n"]{0,200}\((?:file:|node:|\/)[^\n"]{0,300}:\d+:\d+\)/],
	['a module of Node', /node:internal|\/node_modules\//],
	['a driver', /\b(?:ER_[A-Z_]{4,}|ECONNREFUSED|ECONNRESET|WRONGTYPE)\b/],
];

/** Throws where an answer shows what it may not, or is the server's own fault. */
export function judge(answer: { status?: number; text: string }): void {
	const { status = 200, text } = answer;
	if (status >= 500) throw new Error(`HTTP ${status}: ${text.slice(0, 500)}`);
	if (text.includes(root)) throw new Error(`a path of this machine: ${text.slice(0, 500)}`);
	for (const [what, pattern] of forbidden) {
		const found = pattern.exec(text);
		if (found) throw new Error(`${what}: ${around(text, found.index)}`);
	}
}

function around(text: string, at: number): string {
	return text.slice(Math.max(0, at - 200), at + 300);
}

const patienceMs = 30_000;

/** Rejects when something takes so long that it hangs. */
export async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
	const { promise, reject } = Promise.withResolvers<never>();
	const timer = setTimeout(() => reject(new Error(`no answer in 30 s: ${what}`)), patienceMs);
	try {
		return await Promise.race([work, promise]);
	} finally {
		clearTimeout(timer);
	}
}
