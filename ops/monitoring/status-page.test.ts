import { expect, test } from 'vitest';
import type { Reading } from '../../platform/status/reading.ts';
import { allSections } from '../../platform/status/state.ts';
import { catalogue, type MetricName } from './catalogue.ts';

test('the status page knows no metric and no label that the catalogue does not', () => {
	const wrong: string[] = [];
	const names = new Set<string>();
	function look(name: string, ...labels: string[]) {
		names.add(name);
		// One that is not there has no labels.
		const known: readonly string[] = catalogue[name as MetricName]?.labels ?? [];
		if (!(name in catalogue)) wrong.push(name);
		wrong.push(...labels.filter((label) => !known.includes(label)).map((of) => `${name}.${of}`));
	}
	const reading: Reading = {
		has(name) {
			look(name);
			return true;
		},
		sum(name, where = {}) {
			look(name, ...Object.keys(where));
			return 7;
		},
		by(name, label, where = {}) {
			look(name, label, ...Object.keys(where));
			return [['one', 7]];
		},
		spread(name, where = {}) {
			look(name, ...Object.keys(where));
			return { count: 7, seconds: 7, p95: 7 };
		},
	};
	for (const make of allSections) expect(make(reading, 60)?.facts.length).toBeGreaterThan(0);
	expect(wrong).toEqual([]);
	expect(names.size).toBeGreaterThan(30);
});
