import { z } from 'zod';

const answer = z.object({ status: z.literal('success'), data: z.unknown() });
const series = z.object({
	result: z.array(
		z.object({
			metric: z.record(z.string(), z.string()),
			value: z.tuple([z.number(), z.string()]),
		}),
	),
});
const scalar = z.object({
	resultType: z.literal('scalar'),
	result: z.tuple([z.number(), z.string()]),
});
const exemplarSeries = z.array(
	z.object({
		seriesLabels: z.record(z.string(), z.string()),
		exemplars: z.array(z.object({ labels: z.record(z.string(), z.string()) })),
	}),
);

export interface Sample {
	labels: Record<string, string>;
	value: number;
}

export interface PrometheusApi {
	/** What a query has as its answer now. */
	query(text: string): Promise<Sample[]>;
	/** The trace ids that samples of these series lead to. */
	exemplars(selector: string): Promise<string[]>;
}

export function prometheusApi(url: string): PrometheusApi {
	async function get(path: string, parameters: Record<string, string>): Promise<unknown> {
		const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
		if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
		return answer.parse(await response.json()).data;
	}
	return {
		async query(text) {
			const data = await get('query', { query: text });
			const one = scalar.safeParse(data).data;
			if (one) return [{ labels: {}, value: Number(one.result[1]) }];
			return series
				.parse(data)
				.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
		},
		async exemplars(selector) {
			const now = Date.now() / 1000;
			const period = { start: String(now - 600), end: String(now + 60) };
			const found = exemplarSeries.parse(
				await get('query_exemplars', { query: selector, ...period }),
			);
			return found.flatMap(({ exemplars }) =>
				exemplars.flatMap(({ labels }) => labels['trace_id'] ?? []),
			);
		},
	};
}
