import { expect, test } from 'vitest';
import { ownMetrics, sharedMetrics, warmupMetrics } from './catalogue/own.ts';

test('no two metrics of ours have one name in OpenMetrics, where a counter is without its end', () => {
	const all = Object.entries({ ...ownMetrics, ...sharedMetrics, ...warmupMetrics });
	const names = all.map(([name, { kind }]) =>
		kind === 'counter' ? name.replace(/_total$/, '') : name,
	);
	expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
});
