const pages = ['/alerts', '/classic/alerts'];

/** Where a Prometheus shows what fires; Debian's has its pages elsewhere. Undefined when it has none. */
export async function findAlertsPage(prometheusUrl: string): Promise<string | undefined> {
	// It listens there alone, whatever else the name leads to.
	const asked = prometheusUrl.replace('localhost', '127.0.0.1');
	for (const page of pages) {
		const signal = AbortSignal.timeout(1_000);
		const answer = await fetch(asked + page, { signal }).catch(() => undefined);
		await answer?.body?.cancel();
		if (answer?.ok) return prometheusUrl + page;
	}
	return undefined;
}
