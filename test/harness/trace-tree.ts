import type { SinkSpan } from './otlp-spans.ts';

/** The spans of one trace as people read them: each below its parent, in the order of their beginning. */
export function traceTree(spans: readonly SinkSpan[]): string {
	const known = new Set(spans.map(({ spanId }) => spanId));
	const sorted = [...spans].sort((a, b) => a.start - b.start);
	const first = sorted[0]?.start ?? 0;

	function lines(parent: string | null, depth: number): string[] {
		return sorted
			.filter(({ parentId }) =>
				parent === null ? parentId === null || !known.has(parentId) : parentId === parent,
			)
			.flatMap((span) => [line(span, depth), ...lines(span.spanId, depth + 1)]);
	}

	function line(span: SinkSpan, depth: number): string {
		const text = `${'  '.repeat(depth)}${span.name} [${span.kind}]`;
		const at = (span.start - first).toFixed(1).padStart(8);
		const took = (span.seconds * 1e3).toFixed(1).padStart(8);
		const links = span.links.map(({ traceId }) => ` -> ${traceId.slice(0, 8)}`).join('');
		return `${at} ${took}  ${span.service.replace('verifeed-', '').padEnd(7)} ${text}${links}`;
	}

	return ['at (ms) took (ms)  process', ...lines(null, 0)].join('\n');
}
