import { type Checks, failing } from '../health.ts';
import type { Metrics } from '../metrics/registry.ts';
import { cache, connections, upstreams } from './dependencies.ts';
import { contracts, jobs } from './pipeline.ts';
import { self, telemetry } from './process.ts';
import { readMetrics } from './reading.ts';
import { requests, streams } from './requests.ts';
import type { Section } from './section.ts';
import { duration } from './words.ts';

/** How a process is, in words for a person. */
export interface State {
	process: string;
	/** Names of what it needs and cannot use now. */
	down: string[];
	/** How many facts somebody should look at. */
	concerns: number;
	version: string;
	since: string;
	upFor: string;
	sections: Section[];
}

export const allSections = [
	...[requests, streams, contracts, jobs, upstreams, cache, connections],
	...[self, telemetry],
] as const;

/** Reads what is measured anyway, and asks each check once. */
export async function readState(
	process: string,
	registry: Metrics,
	checks: Checks,
): Promise<State> {
	// One after the other, or what the checks do would be among what is shown.
	const reading = await readMetrics(registry);
	const down = await failing(checks);
	const started = reading.sum('process_start_time_seconds') * 1_000;
	const upSeconds = Math.max((Date.now() - started) / 1_000, 1);
	const of = (label: string) => reading.by('app_build_info', label)[0]?.[0] ?? 'unknown';
	const needs: Section = {
		title: 'What it needs',
		facts: Object.keys(checks).map((name) => {
			const bad = down.includes(name);
			return { label: name, value: bad ? 'cannot be used' : 'works', bad };
		}),
	};
	const measured = allSections.map((make) => make(reading, upSeconds));
	const sections = [needs, ...measured.filter((section) => section !== null)];
	return {
		process,
		down,
		concerns: sections.flatMap(({ facts }) => facts).filter(({ bad }) => bad).length,
		version: `${of('version')} (${of('commit')})`,
		since: new Date(started).toISOString(),
		upFor: duration(upSeconds),
		sections,
	};
}

/** In one sentence. */
export function headline({ process, down, concerns }: State): string {
	if (down.length > 0)
		return `The ${process} cannot work whole: ${down.join(', ')} cannot be used.`;
	const are = concerns === 1 ? 'is not as it should be' : 'are not as they should be';
	if (concerns > 0) return `The ${process} works; ${concerns} of the facts below ${are}.`;
	return `The ${process} works, and nothing that is judged here is wrong.`;
}
