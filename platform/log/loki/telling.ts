import type { Logger } from 'winston';
import { errorFacts } from '../error-facts.ts';

/**
 * Logs that Loki is away, and that it is back: at once, and where it comes and goes once in `quietMs`. One that
 * is still away then is told of, however soon after the former outage it went.
 */
export function createTelling(log: Pick<Logger, 'warn' | 'info'>, quietMs = 60_000) {
	let quietUntil = 0;
	let told = false;
	let later: NodeJS.Timeout | undefined;
	function tell(error?: Error): void {
		log.warn('logs do not reach Loki', { error: errorFacts(error) });
		told = true;
		quietUntil = performance.now() + quietMs;
	}
	return (state: 'down' | 'up', error?: Error) => {
		clearTimeout(later);
		const quietFor = quietUntil - performance.now();
		if (state === 'down' && quietFor > 0) later = setTimeout(tell, quietFor, error).unref();
		else if (state === 'down') tell(error);
		else if (told) {
			log.info('logs reach Loki again');
			told = false;
		}
	};
}
