import type { FaultMix } from '../../bench/emulator/faults.ts';
import type { FaultKind } from './fault.ts';

/**
 * What the upstream does all along: nothing of it is the end of a contract. No refusal that names a rate is
 * among it: workers keep to that for an hour.
 */
export const everyday: FaultMix = {
	'http-429': 0.004,
	'rate-limit-plain': 0.004,
	'http-500': 0.02,
	'http-502': 0.01,
	'http-503': 0.01,
	'not-json': 0.01,
	'cut-json': 0.01,
	'cut-body': 0.01,
	reset: 0.01,
	hang: 0.005,
	slow: 0.02,
};

const storm: FaultMix = {
	'http-500': 0.2,
	'http-503': 0.2,
	'html-200': 0.02,
	'not-json': 0.1,
	reset: 0.1,
	'rate-limit-plain': 0.05,
	slow: 0.1,
};

function behaves(name: string, faults: FaultMix): FaultKind {
	return {
		name,
		weight: 1,
		plan: (random, { emulator }) => ({
			on: ['upstream'],
			lastsMs: random.whole(2_000, 8_000),
			async inject() {
				emulator.behave({ faults });
				return async () => emulator.behave({ faults: everyday });
			},
		}),
	};
}

/** What happens at the upstream beyond that. */
export const upstreamFaults: readonly FaultKind[] = [
	behaves('upstream-storm', storm),
	behaves('upstream-hangs', { hang: 1 }),
	behaves('upstream-rate-limit', { 'http-429': 0.3, 'rate-limit-plain': 0.5 }),
];
