import type { Rest } from '../../domain/ports.ts';

/** What this process has learnt itself of accounts and keys; it holds with and without Redis. */
export interface Known {
	rest(name: string, rest: Rest): void;
	resting(name: string): Rest | null;
	/** Somebody has ended the rest. */
	wake(name: string): void;
	holdBack(account: string, ms: number): void;
	/** Milliseconds for which nobody calls for the account; 0 where one may. */
	heldBack(account: string): number;
}

export function createKnown(): Known {
	const rests = new Map<string, { state: Rest['state']; until: number }>();
	const held = new Map<string, number>();

	return {
		rest(name, { state, forMs }) {
			rests.set(name, { state, until: performance.now() + forMs });
		},
		resting(name) {
			const rest = rests.get(name);
			const forMs = (rest?.until ?? 0) - performance.now();
			if (rest && forMs > 0) return { state: rest.state, forMs };
			rests.delete(name);
			return null;
		},
		wake: (name) => void rests.delete(name),
		holdBack(account, ms) {
			held.set(account, Math.max(held.get(account) ?? 0, performance.now() + ms));
		},
		heldBack: (account) => Math.max(0, (held.get(account) ?? 0) - performance.now()),
	};
}
