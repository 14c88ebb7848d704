import { known, type MakeSection, section } from './section.ts';
import { duration, listed, number } from './words.ts';

const unfinished = ['CREATED', 'PROCESS'];
const oldest = 'contract_oldest_unfinished_age_seconds';

/** From a submission to its end. */
export const contracts: MakeSection = (reading) =>
	section('Contracts', [
		known(reading, 'contracts', () => {
			const [waiting, worked] = unfinished.map((status) => reading.sum('contracts', { status }));
			const value = `${number(waiting ?? 0)} not begun, ${number(worked ?? 0)} begun (worked on, or put off)`;
			return { label: 'unfinished', value };
		}),
		known(reading, oldest, () => {
			const age = Math.max(...unfinished.map((status) => reading.sum(oldest, { status })));
			if (age <= 0) return null;
			return { label: 'the oldest that is not put off', value: duration(age), bad: age > 300 };
		}),
		known(reading, 'messaging_outbox_pending', () => ({
			label: 'due, not on the queue yet',
			value: number(reading.sum('messaging_outbox_pending')),
		})),
		known(reading, 'contract_submissions_total', () => {
			const submitted = reading.by('contract_submissions_total', 'result');
			return { label: 'submitted, since the start', value: listed(submitted, 'none') };
		}),
		known(reading, 'contract_transitions_total', () => {
			const ended = ['SUCCESS', 'ERROR'].flatMap((to) =>
				reading.by('contract_transitions_total', 'to', { to }),
			);
			if (ended.length === 0) return null;
			return { label: 'finished, since the start', value: listed(ended, 'none') };
		}),
		known(reading, 'contract_end_to_end_seconds', () => {
			const life = reading.spread('contract_end_to_end_seconds');
			if (!life) return null;
			const value = `95 % within ${duration(life.p95)}`;
			return { label: 'from submission to end', value };
		}),
	]);

/** What this process does with the jobs it is given. */
export const jobs: MakeSection = (reading) =>
	section('Jobs', [
		known(reading, 'messaging_in_flight', () => ({
			label: 'in hand now',
			value: number(reading.sum('messaging_in_flight')),
		})),
		known(reading, 'messaging_process_duration_seconds', () => {
			const done = reading.by('messaging_process_duration_seconds', 'outcome');
			return { label: 'done, since the start', value: listed(done, 'none') };
		}),
		known(reading, 'messaging_process_duration_seconds', () => {
			const spread = reading.spread('messaging_process_duration_seconds');
			return spread && { label: 'one takes', value: `95 % within ${duration(spread.p95)}` };
		}),
		known(reading, 'messaging_time_in_queue_seconds', () => {
			const spread = reading.spread('messaging_time_in_queue_seconds');
			return (
				spread && { label: 'and waits on the queue', value: `95 % within ${duration(spread.p95)}` }
			);
		}),
		known(reading, 'messaging_retries_total', () => {
			const retries = reading.by('messaging_retries_total', 'reason');
			return { label: 'to be tried again, since the start', value: listed(retries, 'none') };
		}),
		known(reading, 'messaging_redelivered_total', () => ({
			label: 'delivered twice, since the start',
			value: number(reading.sum('messaging_redelivered_total')),
		})),
	]);
