import type { Row } from '../build/board.ts';
import { figure } from '../build/figure.ts';
import { toAlerts, toBoard } from '../build/links.ts';
import { placeholder } from '../build/placeholder.ts';
import {
	budgetLeft,
	errorShare,
	finishedInTime,
	oldestUnfinished,
	promises,
} from '../build/promises.ts';
import { quantile } from '../build/promql.ts';
import { now, over } from '../build/queries.ts';
import { toFailedRequests, toSlowRequests } from '../build/searches.ts';
import { table } from '../build/tables.ts';
import * as units from '../build/units.ts';

const firing =
	'sum by (alertname, severity, service) (ALERTS{alertstate="firing", severity=~"page|ticket"})';

export const users: Row = {
	title: 'Are users hurt?',
	panels: [
		figure({
			title: 'Requests that fail',
			shows: 'The share of queries and mutations that fail by our fault. Promised: 0.1 % at most.',
			bad: 'orange: above the promise; red: the 30 days of it would be used up in two.',
			next: 'see which code and operation in "Errors by code" below, then open a failed trace.',
			width: 4,
			unit: units.share,
			decimals: 2,
			limits: { watch: promises.errorShare, act: 14.4 * promises.errorShare },
			idle: 'no traffic',
			queries: [now(errorShare(), 'failed')],
			links: [toFailedRequests],
		}),
		figure({
			title: 'Slowest reads (p99)',
			shows: 'One read in a hundred takes longer. Promised: 250 ms.',
			bad: 'above 250 ms; red from 1 s on.',
			next: 'compare cached and uncached reads on the Cache board, then the wait for connections.',
			width: 4,
			unit: units.seconds,
			limits: { watch: promises.answerSeconds, act: 1 },
			idle: 'no reads',
			queries: [over(quantile(0.99, 'read_duration_seconds'), 'p99')],
			links: [toBoard('cache'), toSlowRequests],
		}),
		figure({
			title: 'Finished within a minute',
			shows: 'The share of submissions that reach SUCCESS or ERROR within 60 s. Promised: 95 %.',
			bad: 'below 95 %; red below half.',
			next: 'the Pipeline board shows which stage takes the time.',
			width: 4,
			unit: units.share,
			limits: { watch: promises.finishShare, act: 0.5, lowIsBad: true },
			idle: 'none finished',
			queries: [over(finishedInTime, 'in time')],
			links: [toBoard('pipeline')],
		}),
		figure({
			title: 'Oldest unfinished contract',
			shows:
				'How long the contract that waits longest has been waiting, lost messages included; not one whose next attempt is set for later.',
			bad: 'above 5 minutes something is stuck.',
			next: 'are there workers, and does the queue move? `npm run admin -- contracts stuck` names them.',
			width: 4,
			unit: units.seconds,
			limits: { watch: promises.finishSeconds, act: promises.stuckSeconds },
			idle: 'not counted',
			queries: [now(oldestUnfinished, 'oldest')],
			links: [toBoard('pipeline')],
		}),
		figure({
			title: 'Error budget left (30 d)',
			shows: 'What is left of the failures that 30 days of the promise allow.',
			bad: 'below a quarter; red when nothing is left.',
			next: 'no risky deploys until it has grown again; look for the days that used it.',
			width: 4,
			unit: units.share,
			decimals: 0,
			limits: { watch: 0.25, act: 0, lowIsBad: true },
			idle: 'no traffic',
			queries: [now(budgetLeft, 'left')],
			links: [toFailedRequests],
		}),
		table({
			title: 'Alerts that fire',
			bad: 'a row with severity page.',
			next: 'open the alert: it names its runbook.',
			width: 4,
			height: 4,
			unit: units.count,
			expr: firing,
			columns: ['alertname', 'severity'],
			rowLink: {
				title: 'The rule and its runbook',
				url: `/alerting/list?search=${placeholder('__data.fields.alertname')}`,
			},
			idle: 'none fires',
			links: [toAlerts],
		}),
	],
};
