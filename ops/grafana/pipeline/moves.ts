import type { Row } from '../build/board.ts';
import { lines } from '../build/lines.ts';
import { toBoard } from '../build/links.ts';
import { oldestDue } from '../build/promises.ts';
import { level, rate, total } from '../build/promql.ts';
import { over } from '../build/queries.ts';
import { toFailedJobs, toWorkerLines } from '../build/searches.ts';
import { matrix } from '../build/tables.ts';
import * as units from '../build/units.ts';

const transitions = 'contract_transitions_total';

export const moves: Row = {
	title: 'Moves from status to status',
	panels: [
		lines({
			title: 'Moves a second',
			bad: 'PROCESS to PROCESS above all others: attempts that fail and are made again.',
			next: 'retries by reason, below.',
			width: 10,
			unit: units.perSecond,
			queries: [over(rate(transitions, { by: ['from', 'to'] }), '{{from}} to {{to}}')],
			links: [toFailedJobs],
		}),
		matrix({
			title: 'Moves in the shown time',
			shows: 'From the status at the left to the one above.',
			bad: 'a number at a pair that no rule allows, as SUCCESS to ERROR.',
			next: 'the events of such a contract: `npm run admin -- contracts show`.',
			width: 7,
			unit: units.count,
			expr: total(transitions, { by: ['from', 'to'] }),
			row: 'from',
			column: 'to',
			idle: 'none',
			links: [toBoard('overview')],
		}),
		lines({
			title: 'Age of the oldest, by status',
			shows: 'Since its submission; not of one whose next attempt is set for later.',
			bad: 'a line that rises with the clock: that contract is stuck.',
			next: 'CREATED: consumers and outbox; PROCESS: its lease should end, see the sweeper.',
			width: 7,
			unit: units.seconds,
			limits: { act: 300 },
			queries: [
				over(
					level('max', 'contract_oldest_unfinished_age_seconds', { by: ['status'] }),
					'{{status}}',
				),
				over(oldestDue, 'not yet published'),
			],
			links: [toWorkerLines],
		}),
	],
};
