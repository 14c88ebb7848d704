import type { EventFragment } from '../api/documents.ts';
import { Icon } from '../parts/icon.tsx';
import { Clock } from '../parts/time.tsx';
import { counted, span } from '../parts/times.ts';
import type { Contract } from './follow.ts';
import { type Run, runsOf } from './runs.ts';
import type { Submission } from './submit.ts';

/** The newest download step by step, the earlier ones folded away. */
export function Timeline({ contract, submission }: { contract: Contract; submission: Submission }) {
	const runs = runsOf(contract.history);
	const run = runs.at(-1);
	const isFinal = contract.status === 'SUCCESS' || contract.status === 'ERROR';
	return (
		<section class="timeline" aria-label="What has happened">
			<ol class="steps">
				{run && stepsOf(run).map((step) => <Step key={step.label} {...step} />)}
			</ol>
			<div class="timeline-side">
				{contract.status === 'SUCCESS' && (
					<button
						type="button"
						class="button"
						disabled={submission.isUnderWay}
						title="Ask the explorer again; the source that is here stays until another has come"
						onClick={() => submission.submit(true)}
					>
						<Icon name="refresh" />
						Refresh
					</button>
				)}
				{contract.source && (
					<details class="events">
						<summary>{counted(contract.history.length, 'event')}</summary>
						<Events events={contract.history} />
					</details>
				)}
			</div>
			{!isFinal && <div class="progress" aria-hidden="true" />}
		</section>
	);
}

interface StepProps {
	label: string;
	at: string | null;
	note: string | null;
	kind: 'done' | 'now' | 'later' | 'failed';
}

function stepsOf({ submittedAt, attempts, failures, end }: Run): StepProps[] {
	const first = attempts[0];
	const tries = Math.max(attempts.length, failures.length);
	const asked: StepProps = {
		label: tries > 1 ? `Asked ${tries} times` : 'Asked',
		at: (attempts.at(-1) ?? first)?.at ?? null,
		note:
			failures.length > 0
				? `${failures.length} failed`
				: first
					? `waited ${span(submittedAt, first.at)}`
					: null,
		kind: !first ? 'later' : end ? 'done' : 'now',
	};
	const isFailure = end?.status === 'ERROR';
	const stored: StepProps = {
		label: isFailure ? 'Ended' : 'Stored',
		at: end?.at ?? null,
		note: end && first ? `after ${span(first.at, end.at)}` : null,
		kind: !end ? 'later' : isFailure ? 'failed' : 'done',
	};
	const submitted: StepProps = {
		label: 'Submitted',
		at: submittedAt,
		note: null,
		kind: first || end ? 'done' : 'now',
	};
	return [submitted, asked, stored];
}

function Step({ label, at, note, kind }: StepProps) {
	return (
		<li class={`step step-${kind}`}>
			<span class="step-label">{label}</span>
			<span class="step-time">{at ? <Clock at={at} /> : '–'}</span>
			{note && <span class="step-note">{note}</span>}
		</li>
	);
}

/** All of it, where there is no source to read. */
export function History({ contract }: { contract: Contract }) {
	return (
		<section class="history" aria-label="History">
			<h2>History</h2>
			<Events events={contract.history} />
		</section>
	);
}

function Events({ events }: { events: readonly EventFragment[] }) {
	return (
		<div class="events-table">
			<table>
				<thead>
					<tr>
						<th scope="col">Version</th>
						<th scope="col">Time</th>
						<th scope="col">Status</th>
						<th scope="col">Attempt</th>
						<th scope="col">Why</th>
					</tr>
				</thead>
				<tbody>
					{events.toReversed().map((event) => (
						<tr key={event.version}>
							<td>{event.version}</td>
							<td>
								<Clock at={event.at} />
							</td>
							<td>{event.status}</td>
							<td>{event.attempt}</td>
							<td>{event.error && `${event.error.code}: ${event.error.message}`}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
