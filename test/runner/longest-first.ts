import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They take half a minute and more. Begun last, one of them would run alone at the end of a pass. */
const longest = [
	...['test/faults/faults', 'test/faults/singly', 'test/setup', 'test/hanging-services'],
	...['sources/etherscan/compile', 'test/fuzz/fuzz', 'test/fail-over/rabbitmq', 'test/clients'],
	...['test/connections', 'test/admin', 'test/chains', 'test/fair-shares', 'ops/grafana/answers'],
	...['test/api-keys', 'test/leaving', 'test/many-servers', 'test/monitoring/live', 'test/backup'],
	...['test/fail-over/redis-sentinel', 'bench/stress/stress', 'test/cycles', 'test/upstreams'],
].map((name) => `/${name}.test.ts`);

/** What is not among the longest goes by Vitest's own order: by the last run, or by size. */
export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const byVitest = await super.sort(files);
		return byVitest.toSorted(
			(a, b) => a.project.name.localeCompare(b.project.name) || placeOf(a) - placeOf(b),
		);
	}
}

function placeOf({ moduleId }: TestSpecification): number {
	const place = longest.findIndex((name) => moduleId.endsWith(name));
	return place < 0 ? longest.length : place;
}
