import { samples } from './metrics.ts';
import type { System, WorkerProcess } from './system.ts';

export type Counts = Map<string, number>;

/** Of one process, by from and to; what never happened is left out. */
export async function transitions(process: WorkerProcess): Promise<Counts> {
	const found = [...(await samples(process))].flatMap(([sample, value]): [string, number][] => {
		const [, from, to] = /^contract_transitions_total{from="(\w+)",to="(\w+)"/.exec(sample) ?? [];
		return from && value > 0 ? [[`${from}>${to}`, value]] : [];
	});
	return new Map(found);
}

export function sum(all: readonly Counts[]): Counts {
	const total: Counts = new Map();
	for (const [move, count] of all.flatMap((counts) => [...counts])) {
		total.set(move, (total.get(move) ?? 0) + count);
	}
	return new Map([...total].sort());
}

export async function storedTransitions(system: System): Promise<Counts> {
	const rows = await system.database.query<{ move: string; count: number }>(
		`select concat(coalesce(b.status, 'NONE'), '>', a.status) as move, count(*) as count
		from contract_events a left join contract_events b
		on b.chain_id = a.chain_id and b.address = a.address and b.version + 1 = a.version
		group by move order by move`,
	);
	return new Map(rows.map(({ move, count }) => [move, count]));
}
