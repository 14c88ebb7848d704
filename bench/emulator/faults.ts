import { uniform } from './uniform.ts';

/** Everything that an upstream is known to do wrong; what each does stands in `fault-replies.ts` and `spoil.ts`. */
export const faultNames = [
	'rate-limit',
	'daily-quota',
	'invalid-key',
	'timeout',
	'busy',
	'plan',
	'v1-dead',
	'unknown',
	'null-result',
	'empty-result',
	'http-429',
	'http-500',
	'http-502',
	'http-503',
	'html-403',
	'html-200',
	'page-not-found',
	'not-json',
	'empty',
	'cut-json',
	'cut-body',
	'big',
	'reset',
	'hang',
	'slow',
] as const;

export type FaultName = (typeof faultNames)[number];

/** How likely each fault is, from 0 to 1. */
export type FaultMix = Readonly<Partial<Record<FaultName, number>>>;

/** Reads `name=probability,…`; throws with a sentence that says what is wrong. */
export function parseFaultMix(text: string): FaultMix {
	const mix: Partial<Record<FaultName, number>> = {};
	for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
		const [given = '', value = ''] = part.split('=').map((piece) => piece.trim());
		const name = faultNames.find((known) => known === given);
		if (!name) throw new Error(`fault "${given}" is none of: ${faultNames.join(', ')}`);
		const probability = value === '' ? Number.NaN : Number(value);
		if (!(probability >= 0 && probability <= 1)) {
			throw new Error(`fault ${name}: "${value}" is not a probability from 0 to 1`);
		}
		mix[name] = probability;
	}
	const sum = Object.values(mix).reduce((total, probability) => total + probability, 0);
	if (sum > 1 + Number.EPSILON * faultNames.length) {
		throw new Error(`the faults add up to ${sum}, which is more than 1`);
	}
	return mix;
}

/**
 * Draws the fault of one call. It depends on the seed, the contract and how often that was asked
 * for, and not on what else is under way, so a run repeats also when calls overtake each other.
 */
export function drawFault(
	mix: FaultMix,
	seed: string,
	key: string,
	nth: number,
): FaultName | undefined {
	let draw = uniform(`${seed} ${key} ${nth}`);
	for (const name of faultNames) {
		draw -= mix[name] ?? 0;
		if (draw < 0) return name;
	}
	return undefined;
}
