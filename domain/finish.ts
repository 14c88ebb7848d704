import * as advance from './advance.ts';
import type { Announce } from './announce.ts';
import { type Contract, type ContractKey, keyText } from './contract.ts';
import type { Lease } from './lease.ts';
import type { Decide } from './move.ts';
import type { ContractStore, Job, JobQueue, SourceStore } from './ports.ts';
import { implementationsToFollow } from './proxies.ts';
import { createPublish, type Publish } from './publish.ts';
import type { RetryPolicy } from './retry.ts';
import type { FetchedSource } from './source.ts';
import { tellSubmitted } from './submit.ts';
import type { Emit, JobOutcome } from './telemetry.ts';
import { pause } from './wait.ts';

export interface FinishPorts {
	store: ContractStore;
	sources: Pick<SourceStore, 'saveSource'>;
	queue: JobQueue;
	announce: Announce;
	emit: Emit;
	/** How long a published job may take to be claimed before it is published again. */
	graceMs: number;
	/** How long the "not verified" of an upstream holds before it is asked again. */
	notVerifiedMs: number;
	/** Whether the implementations of a proxy are submitted too. */
	followProxies: boolean;
	retry: RetryPolicy;
}

/** A job that this worker has claimed. */
export interface Held {
	contract: Contract;
	lease: Lease;
	stop: AbortSignal;
}

export interface Finish {
	/** Stores the source, and in one transaction with its success submits what a proxy leads to. */
	succeed(held: Held, source: FetchedSource): Promise<JobOutcome>;
	fail(held: Held, failure: unknown): Promise<JobOutcome>;
	/** For another worker, at once. */
	release(held: Held): Promise<JobOutcome>;
	/** Whoever committed the newest change may not have told of it. */
	repeat(job: Job): Promise<void>;
	publish: Publish;
}

/** Ends what a worker holds. Every method rejects only when the database fails. */
export function createFinish(ports: FinishPorts): Finish {
	const { store, announce } = ports;
	const publish = createPublish(ports.queue, ports.emit);

	/** A database that is away for a moment does not cost what was downloaded, while the lease lasts. */
	async function persist<T>(work: () => Promise<T>, { lease, stop }: Held): Promise<T> {
		for (;;) {
			try {
				return await work();
			} catch (error) {
				if (lease.isNearlyOver() || stop.aborted) throw error;
				await pause(500, stop);
			}
		}
	}

	async function end(held: Held, decide: Decide, found: readonly ContractKey[] = []) {
		const { contract } = held;
		const depth = contract.depth + 1;
		const submit = advance.submit({ ...ports, refresh: false, depth });
		const each: Decide = (current, now, key) =>
			(keyText(key) === keyText(contract) ? decide : submit)(current, now, key);
		const changes = await persist(() => store.changeContracts([contract, ...found], each), held);
		await announce.committed(changes);
		const [own, ...submitted] = changes;
		tellSubmitted(ports.emit, 'implementation', submitted);
		const implementations = submitted.flatMap((change) => change?.contract ?? []);
		await publish(implementations, 'submitted');
		// Somebody else's now, or ours after all, with the answer to the commit lost.
		if (!own) await repeat(contract);
		return own?.contract ?? null;
	}

	async function repeat(job: Job): Promise<void> {
		const newest = await store.readNewestEvent(job);
		if (newest) await announce.again(newest);
	}

	return {
		async succeed(held, source) {
			const { contract } = held;
			await persist(() => ports.sources.saveSource(source), held);
			const found = ports.followProxies
				? implementationsToFollow(contract, source.description)
				: [];
			const decide = advance.succeed(contract.version, source.description);
			return (await end(held, decide, found)) ? 'success' : 'superseded';
		},
		async fail(held, failure) {
			const ended = await end(held, advance.fail(held.contract.version, failure, ports.retry));
			if (!ended) return 'superseded';
			return ended.status === 'ERROR' ? 'error' : 'retry';
		},
		async release(held) {
			const ended = await end(held, advance.release(held.contract.version));
			if (!ended) return 'superseded';
			await publish([ended], 'again');
			return 'released';
		},
		repeat,
		publish,
	};
}
