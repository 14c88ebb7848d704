import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Whether a request of this client may go on now. */
export type Admit = (request: IncomingMessage) => Promise<boolean>;

/** Counts requests for each client address, in this process, over one second. */
export function createAdmit(perSecond: number): Admit {
	const limiter = new RateLimiterMemory({ points: perSecond, duration: 1 });
	return async (request) => {
		try {
			await limiter.consume(request.socket.remoteAddress ?? 'unknown');
			return true;
		} catch {
			return false;
		}
	};
}
