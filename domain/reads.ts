import { type ContractKey, keyText } from './contract.ts';
import type { ContractError } from './errors.ts';
import type { Emit } from './telemetry.ts';

export interface Reads {
	/** Somebody was shown a contract that had changed last at that time. Costs one comparison where it is kept anyway. */
	note(contract: ContractKey & { error: ContractError | null }, changedAt: Date): void;
	/** Saves what was noted. Never rejects: what could not be saved is tried again at the next call. */
	flush(): Promise<void>;
}

export const dayMs = 86_400_000;
/** Of a day, and not yet saved: beyond it some are saved twice, or not at all and removed a little early. */
const most = 100_000;
const savedAtOnce = 500;

/**
 * Notes who of those that are removed for want of readers has some: in memory, each once a day, and none that changed
 * within the last day, which says as much.
 */
export function createReads(
	save: (keys: readonly ContractKey[]) => Promise<void>,
	emit: Emit,
): Reads {
	const known = new Set<string>();
	let waiting: ContractKey[] = [];
	let today = 0;

	return {
		note(contract, changedAt) {
			if (contract.error?.code !== 'NOT_VERIFIED') return;
			const now = Date.now();
			if (now - changedAt.getTime() < dayMs) return;
			const day = Math.floor(now / dayMs);
			if (day !== today || known.size >= most) known.clear();
			today = day;
			const name = keyText(contract);
			if (known.has(name) || waiting.length >= most) return;
			known.add(name);
			waiting.push({ chainId: contract.chainId, address: contract.address });
		},
		async flush() {
			const keys = waiting;
			waiting = [];
			try {
				while (keys.length > 0) {
					await save(keys.slice(0, savedAtOnce));
					keys.splice(0, savedAtOnce);
				}
			} catch (error) {
				emit({ type: 'reads.not-saved', contracts: keys.length, error });
				waiting = [...keys, ...waiting].slice(0, most);
			}
		},
	};
}
