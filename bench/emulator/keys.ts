import type { Call } from './etherscan/protocol.ts';
import { dailyRefusal, rateRefusal, refusals } from './etherscan/refusals.ts';

export interface KeyLimits {
	/** The keys that are accepted; without them every key but an empty one is. */
	keys?: readonly string[] | undefined;
	/** Calls in any second for one key; 0 is no limit. */
	rate?: number | undefined;
	/** Calls for one key until the emulator ends; 0 is no limit. */
	daily?: number | undefined;
}

/** How a key stands with a call that has just arrived. */
export interface Standing {
	refusal?: 'no-key' | 'bad-key' | 'key-attempts' | 'daily' | 'rate';
	/** Calls that passed so far, with this one if it did. */
	used: number;
	/** Those of them in the second that ends now. */
	recent: number;
	/** Milliseconds until the oldest of those leaves the second. */
	resetMs: number;
}

const second = 1_000;
const attemptsWindow = 30_000;
const attempts = 5;

/** Knows how a key stands at each call, and counts what passes; whose words that becomes is not known here. */
export function createGate(limits: KeyLimits, now: () => number): (apiKey: string) => Standing {
	const { keys, rate = 0, daily = 0 } = limits;
	const accepted = keys && new Set(keys);
	const recent = new Map<string, number[]>();
	const used = new Map<string, number>();
	let badAttempts: number[] = [];

	return (apiKey) => {
		const none = { used: 0, recent: 0, resetMs: 0 };
		if (apiKey === '') return { refusal: 'no-key', ...none };
		const time = now();
		if (accepted && !accepted.has(apiKey)) {
			badAttempts = [...since(badAttempts, time - attemptsWindow), time].slice(-attempts - 1);
			return { refusal: badAttempts.length > attempts ? 'key-attempts' : 'bad-key', ...none };
		}
		const count = used.get(apiKey) ?? 0;
		const passed = since(recent.get(apiKey) ?? [], time - second);
		const resetMs = Math.ceil((passed[0] ?? time) + second - time);
		const standing = { used: count, recent: passed.length, resetMs };
		if (daily > 0 && count >= daily) return { refusal: 'daily', ...standing };
		if (rate > 0 && passed.length >= rate) return { refusal: 'rate', ...standing };
		recent.set(apiKey, [...passed, time]);
		used.set(apiKey, count + 1);
		return { used: count + 1, recent: passed.length + 1, resetMs };
	};
}

/** Gives the text that Etherscan refuses a call with because of its key, or undefined. */
export function createKeyGuard(limits: KeyLimits, now: () => number) {
	const { rate = 0, daily = 0 } = limits;
	const gate = createGate(limits, now);

	return ({ apiKey }: Pick<Call, 'apiKey'>): string | undefined => {
		const { refusal, used } = gate(apiKey);
		switch (refusal) {
			case undefined:
				return undefined;
			case 'no-key':
				return refusals.noKey;
			case 'bad-key':
				return refusals.badKey;
			case 'key-attempts':
				return refusals.keyAttempts;
			case 'daily':
				return dailyRefusal(used, daily);
			case 'rate':
				return rateRefusal(rate);
			default:
				return refusal satisfies never;
		}
	};
}

function since(times: readonly number[], start: number): number[] {
	return times.filter((time) => time > start);
}
