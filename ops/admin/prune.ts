import type { Command } from 'commander';
import {
	nothing,
	type PruneContext,
	type Pruned,
	prune as pruneAll,
	sum,
} from '../../domain/prune.ts';
import { retentionOf } from '../../platform/open.ts';
import { type Admin, withAdmin } from './admin.ts';
import { command, yesOption } from './options.ts';
import { confirm } from './question.ts';

interface PruneOptions {
	json: boolean;
	yes: boolean;
	dryRun: boolean;
}

export function prune(): Command {
	return command(
		'prune',
		'Remove what is not to be kept (KEEP_NOT_VERIFIED_DAYS, KEEP_RUNS, KEEP_UNUSED_SOURCES_DAYS), now and without pauses.\nA worker does the same by itself, every PRUNE_INTERVAL_MS.',
		['prune --dry-run', 'prune --yes'],
	)
		.option('--dry-run', 'only say what would be removed', false)
		.addOption(yesOption())
		.action((options: PruneOptions) =>
			withAdmin(options, ['MYSQL_URL', 'REDIS_URL', 'RABBITMQ_URL'], async (admin) => {
				const context = await pruneContext(admin);
				const found = await run(admin, context, true);
				if (options.dryRun || total(found) === 0) {
					return admin.result({ dryRun: true, ...found }, show(found, 'would be removed'));
				}
				admin.note(show(found, 'would be removed'));
				await confirm('Remove them for good?', { ...options, signal: admin.signal });
				const removed = await run(admin, context, false);
				admin.result({ dryRun: false, ...removed }, show(removed, 'removed'));
				admin.signal.throwIfAborted();
			}),
		);
}

async function pruneContext(admin: Admin): Promise<PruneContext> {
	const { cache, feed, emit } = await admin.context();
	return { pruning: admin.pruning(), cache, feed, emit, ...retentionOf(admin.config) };
}

/** Where it is stopped, the same command goes on with what is left. */
async function run(admin: Admin, context: PruneContext, dryRun: boolean): Promise<Pruned> {
	let all = nothing;
	for await (const some of pruneAll(context, { dryRun })) {
		all = sum(all, some);
		if (admin.signal.aborted) break;
	}
	return all;
}

function total({ contracts, events, sources }: Pruned): number {
	return contracts + events + sources;
}

function show({ contracts, events, sources }: Pruned, what: string): string {
	return [
		`${contracts} contracts that are not verified and that nobody reads, with their events`,
		`${events} events of old downloads`,
		`${sources} sources and ABIs that nothing names`,
		`${what}.`,
	].join('\n');
}
