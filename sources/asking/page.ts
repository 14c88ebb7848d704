import type { FailureClass } from '../failure.ts';

const blocked =
	/you have been blocked|just a moment\.\.\.|utm_source=challenge|checking if the site connection is secure/i;

/** Whether an HTML page is one with which a firewall turns requests away. */
export function isBlockPage(html: string): boolean {
	return blocked.test(html);
}

/** What an HTTP status means where the body says nothing better; null for a good one. */
export function classOfStatus(status: number): FailureClass | null {
	if (status === 429) return 'RATE_LIMIT';
	if (status === 401) return 'INVALID_KEY';
	if (status === 403) return 'BLOCKED';
	if (status >= 500 || status === 408) return 'TRANSIENT';
	if (status >= 400) return 'UNKNOWN';
	return status >= 300 ? 'REDIRECT' : null;
}
