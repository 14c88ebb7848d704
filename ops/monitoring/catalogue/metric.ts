export type Kind = 'counter' | 'gauge' | 'histogram';

export interface Metric {
	kind: Kind;
	labels: readonly string[];
}

export function counter<const L extends readonly string[]>(...labels: L) {
	return { kind: 'counter', labels } as const;
}

export function gauge<const L extends readonly string[]>(...labels: L) {
	return { kind: 'gauge', labels } as const;
}

export function histogram<const L extends readonly string[]>(...labels: L) {
	return { kind: 'histogram', labels } as const;
}
