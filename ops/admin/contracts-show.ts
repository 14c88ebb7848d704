import type { Command } from 'commander';
import { type Contract, keyText, type StatusEvent } from '../../domain/contract.ts';
import { withAdmin } from './admin.ts';
import { contractFacts, showDue } from './contract-facts.ts';
import { readDatabaseTime } from './find-contracts.ts';
import { command, parseContract } from './options.ts';
import { table } from './output.ts';
import { Refused } from './refused.ts';

export function contractsShow(): Command {
	return command('show', 'Show one contract, with its events', [
		'contracts show 1:0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
	])
		.argument('<chainId:address>', 'the contract; without chainId of chain 1')
		.action((named: string, options: { json: boolean }) =>
			withAdmin(options, ['MYSQL_URL'], async (admin) => {
				const key = parseContract(named);
				const contract = await admin.store().readContract(key);
				if (!contract) {
					throw new Refused(`${keyText(key)} is not in the database: nobody has submitted it.`);
				}
				const [[history = []], [sources = []], now] = await Promise.all([
					admin.store().readHistories([key]),
					admin.store().readSources([key], 100),
					readDatabaseTime(admin.database()),
				]);
				const { source, ruledOut } = contract;
				const facts = { ...contractFacts(contract), ruledOut, source, sources: sources.length };
				const events = history.map(({ chainId, address, ...event }) => event);
				const text = `${describe(contract, sources.length, now)}\n\n${describeHistory(history)}`;
				admin.result({ now, ...facts, events }, text);
			}),
		);
}

function describe(contract: Contract, sources: number, now: Date): string {
	const { source, error } = contract;
	const found = source
		? `${source.name}, ${source.fileCount} files, from ${source.origin}, ${source.hash}`
		: 'none';
	const facts = {
		...contractFacts(contract),
		error: error && `${error.code}: ${error.message}`,
		dueAt: contract.dueAt && `${contract.dueAt.toISOString()} (${showDue(contract.dueAt, now)})`,
		source: found,
		sources,
	};
	const rows = Object.entries(facts).map(([name, value]) => [
		name,
		value instanceof Date ? value.toISOString() : String(value ?? ''),
	]);
	return table(['FIELD', 'VALUE'], rows);
}

function describeHistory(history: readonly StatusEvent[]): string {
	const rows = history.map(({ version, status, attempt, at, error }) => [
		String(version),
		status,
		String(attempt),
		at.toISOString(),
		error?.code ?? '',
	]);
	return table(['VERSION', 'STATUS', 'ATTEMPT', 'AT', 'ERROR'], rows);
}
