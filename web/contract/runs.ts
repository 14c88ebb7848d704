import type { EventFragment } from '../api/documents.ts';

/** One download of a contract: from its submission to its end, or to now. */
export interface Run {
	events: EventFragment[];
	submittedAt: string;
	attempts: EventFragment[];
	failures: EventFragment[];
	end: EventFragment | null;
}

/** The downloads that the history tells of, oldest first. */
export function runsOf(history: readonly EventFragment[]): Run[] {
	const groups: EventFragment[][] = [];
	for (const event of history) {
		const current = groups.at(-1);
		if (event.status === 'CREATED' && isNewRun(current)) groups.push([event]);
		else if (current) current.push(event);
		else groups.push([event]);
	}
	return groups.map((events) => ({
		events,
		submittedAt: events[0]?.at ?? '',
		attempts: events.filter(({ status, error }) => status === 'PROCESS' && !error),
		failures: events.filter(({ status, error }) => status === 'PROCESS' && error),
		end: events.find(({ status }) => status === 'SUCCESS' || status === 'ERROR') ?? null,
	}));
}

function isNewRun(current: readonly EventFragment[] | undefined): boolean {
	const last = current?.at(-1);
	return !last || last.status === 'SUCCESS' || last.status === 'ERROR';
}
