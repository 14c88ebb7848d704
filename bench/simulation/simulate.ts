import { createAgenda } from './events.ts';

/** All times in seconds. */
export interface Plan {
	/** When each contract is submitted, rising. */
	arrivals: readonly number[];
	workers: number;
	/** Downloads at once in one worker. */
	concurrency: number;
	/** Of all workers together: calls begin at least the inverse apart. Infinity where nobody limits them. */
	callsPerSecond: number;
	/** Share of calls that come too late for their turn, which is lost, and take the next. */
	missed: number;
	/** From the call to its answer, drawn for each. */
	answer(random: () => number): number;
	/** Processor time of a worker for one download; it has one core. */
	processor: number;
	/** Of attempts that fail and are made again. */
	failures: number;
	/** First back-off, which doubles, and the longest; half of it is by chance, as in `domain/retry.ts`. */
	backOff: { base: number; most: number };
	/** Failed attempts after which a download ends as ERROR. */
	attempts: number;
	/** From 0 up to 1: the same numbers give the same run. */
	random: () => number;
}

export interface Job {
	arrived: number;
	/** When a worker took it first. */
	begun: number;
	finished: number;
	calls: number;
	succeeded: boolean;
}

export interface Run {
	jobs: readonly Job[];
	/** Begin of each call, rising. */
	calls: readonly number[];
	/** Sum over time of how many were in the system, by counting at each arrival and end. */
	area: number;
	/** Most that were held by workers at once. */
	most: number;
}

interface Worker {
	free: number;
	/** When its processor has done what it was given. */
	idleAt: number;
}

/**
 * Contracts wait in a queue until a worker has a place, there for a call's turn, then for the answer, then for the
 * processor of their worker. One that failed comes back to the end of the queue after its back-off.
 */
export function simulate(plan: Plan): Run {
	const { random } = plan;
	const agenda = createAgenda();
	const queue: Job[] = [];
	/** Those before it have been taken: an array of many is slow to shift. */
	let head = 0;
	const jobs: Job[] = [];
	const calls: number[] = [];
	const workers = Array.from(
		{ length: plan.workers },
		(): Worker => ({ free: plan.concurrency, idleAt: 0 }),
	);
	let nextCall = 0;
	let held = 0;
	let most = 0;
	let inside = 0;
	let area = 0;
	let counted = 0;

	/** Whenever their number changes. */
	function count(change: number): void {
		area += inside * (agenda.now() - counted);
		counted = agenda.now();
		inside += change;
	}

	function enqueue(job: Job): void {
		queue.push(job);
		hand();
	}

	/** To the worker with the most places, as a broker does that sends in turn. */
	function hand(): void {
		for (;;) {
			const worker = workers.reduce((one, other) => (other.free > one.free ? other : one));
			const job = queue[head];
			if (!job || worker.free === 0) return;
			head += 1;
			begin(job, worker);
		}
	}

	function begin(job: Job, worker: Worker): void {
		worker.free -= 1;
		held += 1;
		most = Math.max(most, held);
		if (job.calls === 0) job.begun = agenda.now();
		job.calls += 1;
		let call = Math.max(agenda.now(), nextCall);
		while (plan.missed > 0 && random() < plan.missed) call += 1 / plan.callsPerSecond;
		nextCall = call + 1 / plan.callsPerSecond;
		calls.push(call);
		agenda.at(call + plan.answer(random), () => {
			worker.idleAt = Math.max(agenda.now(), worker.idleAt) + plan.processor;
			agenda.at(worker.idleAt, () => end(job, worker));
		});
	}

	function end(job: Job, worker: Worker): void {
		worker.free += 1;
		held -= 1;
		const failed = random() < plan.failures;
		if (failed && job.calls < plan.attempts) {
			const whole = Math.min(plan.backOff.most, plan.backOff.base * 2 ** (job.calls - 1));
			agenda.at(agenda.now() + whole * (0.5 + random() / 2), () => enqueue(job));
		} else {
			job.finished = agenda.now();
			job.succeeded = !failed;
			count(-1);
		}
		hand();
	}

	for (const arrived of plan.arrivals) {
		agenda.at(arrived, () => {
			const job: Job = {
				...{ arrived, begun: Number.NaN, finished: Number.NaN, calls: 0, succeeded: false },
			};
			jobs.push(job);
			count(1);
			enqueue(job);
		});
	}
	agenda.run();
	return { jobs, calls, area, most };
}

/** So many a second for so long, evenly or by chance (Poisson). */
export function arrivalsOf(
	perSecond: number,
	seconds: number,
	random: (() => number) | null = null,
): number[] {
	if (!random) {
		return Array.from({ length: Math.round(perSecond * seconds) }, (_, n) => n / perSecond);
	}
	const times: number[] = [];
	for (let at = 0; ; times.push(at)) {
		at -= Math.log(1 - random()) / perSecond;
		if (at >= seconds) return times;
	}
}
