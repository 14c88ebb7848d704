import type { ProcessCommand, ProcessUsage } from './process-command.ts';

// Loaded before the program of each process under test, to do what cannot be done from outside: turn its
// clock, and count what it holds once its garbage is gone.
let offsetMs = 0;

globalThis.Date = new Proxy(Date, {
	construct(real, given, target) {
		const parts = given.length === 0 ? [real.now() + offsetMs] : given;
		return Reflect.construct(real, parts, target);
	},
	get(real, name) {
		return name === 'now' ? () => real.now() + offsetMs : Reflect.get(real, name);
	},
});

process.on('message', (order: ProcessCommand) => {
	if ('clockOffsetMs' in order) {
		offsetMs = order.clockOffsetMs;
		return;
	}
	// Twice: what a finalizer lets go is found by the second one.
	globalThis.gc?.();
	globalThis.gc?.();
	const { heapUsed, external, rss } = process.memoryUsage();
	const resources = process.getActiveResourcesInfo();
	const answer: ProcessUsage = {
		heap: heapUsed + external,
		rss,
		sockets: resources.filter((name) => name === 'TCPSocketWrap').length,
		timers: resources.filter((name) => name === 'Timeout').length,
	};
	process.send?.(answer);
});
// The harness is no reason to stay.
process.channel?.unref();
