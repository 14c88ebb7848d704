import { type Plot, plotOf, type Series } from './plot.ts';
import type { Moment, PhaseResult } from './result.ts';

const colours = { contract: '#b5452c', cachedContract: '#2e5f9e', all: '#2e7d4f', due: '#8a93a0' };

/** The plots of the loads at one rate, by their file names: without and with the warm-up in one. */
export function plotsOf(phases: readonly PhaseResult[]): Record<string, string> {
	const rate = phases[0]?.rate ?? 0;
	const lines = (
		of: (moment: Moment) => number | null,
		name: string,
		colour: string,
		chosen = phases,
	): Series[] =>
		chosen.map(({ cache, moments }) => ({
			name: `${name}, ${cache}`,
			colour,
			dashed: cache === 'cold',
			points: moments.map((moment) => [moment.second, of(moment)] as const),
		}));
	const latencies = (of: 'p50' | 'p99'): Plot => ({
		title: `Latency of reads at ${rate}/s, ${of}`,
		unit: 'ms',
		logarithmic: true,
		series: [
			...lines(({ contract }) => contract?.[of] ?? null, 'contract', colours.contract),
			...lines(
				({ cachedContract }) => cachedContract?.[of] ?? null,
				'cachedContract',
				colours.cachedContract,
			),
		],
	});
	const plots: Record<string, Plot> = {
		'latency-p50': latencies('p50'),
		'latency-p99': latencies('p99'),
		'hit-ratio': {
			title: `Hit ratio of cachedContract at ${rate}/s`,
			unit: 'share',
			most: 1,
			series: lines(({ hitRatio }) => hitRatio, 'hits', colours.cachedContract),
		},
		achieved: {
			title: `Answers a second at ${rate}/s of each kind`,
			unit: '1/s',
			series: [
				...lines(({ due }) => due, 'due', colours.due, phases.slice(0, 1)),
				...lines(({ answered }) => answered, 'answered', colours.all),
			],
		},
	};
	const drawn = Object.entries(plots).map(([name, plot]) => [`${name}-${rate}.svg`, plotOf(plot)]);
	return Object.fromEntries(drawn);
}
