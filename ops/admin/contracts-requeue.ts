import type { Command } from 'commander';
import type { ContractErrorCode } from '../../domain/errors.ts';
import type { Status } from '../../domain/status.ts';
import { withAdmin } from './admin.ts';
import { parseDuration } from './duration.ts';
import {
	chainOption,
	command,
	errorOption,
	limitOption,
	parseContract,
	statusOption,
	yesOption,
} from './options.ts';
import { confirm } from './question.ts';
import { Refused } from './refused.ts';
import { planRequeue, showPlan } from './requeue-plan.ts';
import { runRequeue, showDone } from './requeue-run.ts';

export interface RequeueOptions {
	json: boolean;
	yes: boolean;
	dryRun: boolean;
	status?: Status;
	error?: ContractErrorCode;
	chain?: number;
	olderThan?: number;
	limit?: number;
}

export function contractsRequeue(): Command {
	return command(
		'requeue',
		'Have contracts downloaded: unfinished ones become due now, finished ones are submitted anew.\nContracts in SUCCESS are met only by their address or by --status SUCCESS. Filters add up.',
		[
			'contracts requeue 1:0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
			'contracts requeue --error UPSTREAM_UNAVAILABLE --older-than 10m --dry-run',
			'contracts requeue --status ERROR --chain 10 --yes',
		],
	)
		.argument('[contract...]', 'addresses, or chainId:address')
		.addOption(statusOption())
		.addOption(errorOption())
		.addOption(chainOption())
		.option(
			'--older-than <time>',
			'only what has not changed for so long: 90s, 5m, 2h, 1d',
			parseDuration,
		)
		.addOption(limitOption())
		.option('--dry-run', 'only say how many there are', false)
		.addOption(yesOption())
		.action((texts: string[], options: RequeueOptions) =>
			withAdmin(options, ['MYSQL_URL', 'RABBITMQ_URL', 'REDIS_URL'], async (admin) => {
				const { status, error, chain, olderThan } = options;
				if (texts.length === 0 && !status && !error && !chain && !olderThan) {
					throw new Refused(
						'Which contracts? Name them, or say --status, --error, --chain or --older-than.',
					);
				}
				const keys = texts.map((text) => parseContract(text, chain));
				const plan = await planRequeue(admin, keys, options);
				if (options.dryRun || plan.total === 0) {
					return admin.result({ ...plan.counts, total: plan.total, changed: 0 }, showPlan(plan));
				}
				if (plan.total > 1) {
					admin.note(showPlan(plan));
					await confirm(`Have ${plan.total} contracts downloaded?`, {
						...options,
						signal: admin.signal,
					});
				}
				const done = await runRequeue(admin, plan);
				admin.result(done, showDone(done));
				admin.signal.throwIfAborted();
			}),
		);
}
