import type { Logger } from 'winston';
import type { Emit } from '../../domain/telemetry.ts';
import { errorFacts } from './log/clean.ts';
import { createLogListener } from './log-listener.ts';
import type { Metrics } from './metrics.ts';
import { noteInSpan } from './span-listener.ts';

/** Every event of a process goes through here: to its metrics where it has any, to spans, and to the log. */
export function createEmit(log: Logger, metrics?: Metrics): Emit {
	const write = createLogListener(log);
	return (event) => {
		try {
			metrics?.measure(event);
			noteInSpan(event);
			write(event);
		} catch (error) {
			// Whoever emits goes on: what is wrong with an event is no fault of theirs.
			log.error('event not recorded', { type: event.type, error: errorFacts(error) });
		}
	};
}
