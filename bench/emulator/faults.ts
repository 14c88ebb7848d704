import { answerFaults } from './answer-faults.ts';
import type { FaultEffect, FaultRow } from './fault-row.ts';
import type { ApiName } from './protocol.ts';
import { refusalFaults } from './refusal-faults.ts';
import { uniform } from './uniform.ts';
import { wireFaults } from './wire-faults.ts';

/** Every fault, with what it is at each API; an API that is not in a row does not have that fault. */
export const faultTable = {
	...refusalFaults,
	...answerFaults,
	...wireFaults,
} satisfies Record<string, FaultRow>;

/** Everything that an upstream is known to do wrong. */
export type FaultName = keyof typeof faultTable;

// The keys of the table are just these names: it is written out as an object.
export const faultNames = Object.keys(faultTable) as readonly FaultName[];

/** How likely each fault is, from 0 to 1. */
export type FaultMix = Readonly<Partial<Record<FaultName, number>>>;

const table: Readonly<Record<FaultName, FaultRow>> = faultTable;

/** The faults that one upstream can have. */
export function faultsOf(api: ApiName): readonly FaultName[] {
	return faultNames.filter((name) => table[name][api] !== undefined);
}

/** What a fault does at an API; throws with a sentence when that API does not have it. */
export function effectOf(name: FaultName, api: ApiName): FaultEffect {
	const way = table[name][api];
	if (way === undefined) {
		throw new Error(`${api} has no fault "${name}"; it has: ${faultsOf(api).join(', ')}`);
	}
	return way;
}

/** Reads the name of a fault; throws with a sentence for an unknown one. */
export function parseFault(given: string, api: ApiName): FaultName {
	const name = faultNames.find((known) => known === given);
	if (!name) throw new Error(`fault "${given}" is none of: ${faultsOf(api).join(', ')}`);
	effectOf(name, api);
	return name;
}

/** Reads `name=probability,…`; throws with a sentence that says what is wrong. */
export function parseFaultMix(text: string, api: ApiName = 'etherscan'): FaultMix {
	const mix: Partial<Record<FaultName, number>> = {};
	for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
		const [given = '', value = ''] = part.split('=').map((piece) => piece.trim());
		const name = parseFault(given, api);
		const probability = value === '' ? Number.NaN : Number(value);
		if (!isProbability(probability)) {
			throw new Error(`fault ${name}: "${value}" is not a probability from 0 to 1`);
		}
		mix[name] = probability;
	}
	checkFaultMix(mix, api);
	return mix;
}

/** Throws with a sentence when a mix is not one of this API's. */
export function checkFaultMix(mix: FaultMix, api: ApiName): void {
	let sum = 0;
	for (const [name, probability] of Object.entries(mix)) {
		parseFault(name, api);
		if (!isProbability(probability)) {
			throw new Error(`fault ${name}: "${probability}" is not a probability from 0 to 1`);
		}
		sum += probability;
	}
	if (sum > 1 + Number.EPSILON * faultNames.length) {
		throw new Error(`the faults add up to ${sum}, which is more than 1`);
	}
}

function isProbability(value: number): boolean {
	return value >= 0 && value <= 1;
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
