/** Resolves after the time, when the network is back, or when the signal ends the wait. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			removeEventListener('online', done);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		addEventListener('online', done);
		signal.addEventListener('abort', done);
	});
}

/** Before the attempt after so many failures: from half a second to three, and never all pages at once. */
export function backOffMs(failures: number): number {
	return Math.min(3_000, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
}

/** Resolves when somebody looks at the page, or the signal ends the wait. */
export function untilVisible(signal: AbortSignal): Promise<void> {
	if (document.visibilityState === 'visible' || signal.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		const look = () => {
			if (document.visibilityState !== 'visible' && !signal.aborted) return;
			document.removeEventListener('visibilitychange', look);
			signal.removeEventListener('abort', look);
			resolve();
		};
		document.addEventListener('visibilitychange', look);
		signal.addEventListener('abort', look);
	});
}

/** Ends with the signal, and when the page is hidden. */
export function whileVisible(signal: AbortSignal): AbortSignal {
	const hidden = new AbortController();
	document.addEventListener(
		'visibilitychange',
		() => document.visibilityState !== 'visible' && hidden.abort(),
		{ signal: hidden.signal },
	);
	return AbortSignal.any([signal, hidden.signal]);
}
