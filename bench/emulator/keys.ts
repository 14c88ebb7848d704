import type { Call } from './call.ts';
import { dailyRefusal, rateRefusal, refusals } from './envelope.ts';

export interface KeyLimits {
	/** The keys that are accepted; without them every key but an empty one is. */
	keys?: readonly string[] | undefined;
	/** Calls in any second for one key; 0 is no limit. */
	rate?: number | undefined;
	/** Calls for one key until the emulator ends; 0 is no limit. */
	daily?: number | undefined;
}

const second = 1_000;
const attemptsWindow = 30_000;
const attempts = 5;

/** Gives the text that a call is refused with because of its key, or undefined; counts what passes. */
export function createKeyGuard(limits: KeyLimits, now: () => number) {
	const { keys, rate = 0, daily = 0 } = limits;
	const accepted = keys && new Set(keys);
	const recent = new Map<string, number[]>();
	const used = new Map<string, number>();
	let badAttempts: number[] = [];

	return (call: Pick<Call, 'apiKey'>): string | undefined => {
		const { apiKey } = call;
		if (apiKey === '') return refusals.noKey;
		const time = now();
		if (accepted && !accepted.has(apiKey)) {
			badAttempts = [...since(badAttempts, time - attemptsWindow), time].slice(-attempts - 1);
			return badAttempts.length > attempts ? refusals.keyAttempts : refusals.badKey;
		}
		const count = used.get(apiKey) ?? 0;
		if (daily > 0 && count >= daily) return dailyRefusal(count, daily);
		const passed = since(recent.get(apiKey) ?? [], time - second);
		if (rate > 0 && passed.length >= rate) return rateRefusal(rate);
		recent.set(apiKey, [...passed, time]);
		used.set(apiKey, count + 1);
		return undefined;
	};
}

function since(times: readonly number[], start: number): number[] {
	return times.filter((time) => time > start);
}
