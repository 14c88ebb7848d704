import type { LabelSets } from './instrument.ts';

type LabelValues = Readonly<Record<string, string>>;

export interface Exemplar {
	labelSet: LabelValues;
	value: number;
	/** Unix time in seconds. */
	timestamp: number;
}

/** What prom-client's registry shows of one series. */
interface Shown {
	labels: Record<string, string | number>;
	sharedLabels?: LabelValues;
	value: number;
	metricName?: string;
	exemplar?: Exemplar | null;
}

/**
 * Counters and histograms that are written far more often than they are read: one array for each set of labels, found by
 * the values alone. A registry of prom-client shows them.
 */
abstract class Series<Cell extends { labels: LabelValues }> {
	abstract readonly type: 'counter' | 'histogram';
	readonly aggregator = 'sum';
	readonly #names: readonly string[];
	readonly #cells = new Map<string, Cell>();
	/** Not readonly: the registry takes the end off a counter's, as OpenMetrics wants it. */
	name: string;
	readonly help: string;

	constructor(name: string, help: string, labels: LabelSets) {
		this.name = name;
		this.help = help;
		this.#names = Object.keys(labels);
	}

	protected abstract create(labels: LabelValues): Cell;
	protected abstract show(cell: Cell): Shown[];

	protected cell(labels: LabelValues): Cell {
		let key = '';
		for (const name of this.#names) key += `${labels[name]}\n`;
		let cell = this.#cells.get(key);
		if (!cell) {
			cell = this.create(labels);
			this.#cells.set(key, cell);
		}
		return cell;
	}

	/** Makes a series that is there from the start. */
	zero(labels: LabelValues): void {
		this.cell(labels);
	}

	/** For the text of /metrics, where shared labels are written after the others. */
	async getForPromString() {
		const { name, help, type, aggregator } = this;
		const values = [...this.#cells.values()].flatMap(this.show, this);
		return { name, help, type, aggregator, values };
	}

	async get() {
		const shown = await this.getForPromString();
		const values = shown.values.map(({ sharedLabels, labels, ...rest }) => ({
			...rest,
			labels: { ...labels, ...sharedLabels },
		}));
		return { ...shown, values };
	}
}

interface Count {
	labels: LabelValues;
	value: number;
}

export class SeriesCounter extends Series<Count> {
	readonly type = 'counter';

	add(labels: LabelValues, by: number): void {
		if (!(by >= 0 && by < Infinity)) throw new TypeError(`${this.name} cannot grow by ${by}`);
		this.cell(labels).value += by;
	}

	protected create(labels: LabelValues): Count {
		return { labels, value: 0 };
	}

	protected show({ labels, value }: Count): Shown[] {
		return [{ labels: { ...labels }, value }];
	}
}

interface Buckets {
	labels: LabelValues;
	/** How many fell into each, the last one above all bounds. */
	counts: Float64Array;
	sum: number;
	/** The newest one of each bucket, where there are any. */
	exemplars: (Exemplar | undefined)[];
}

export class SeriesHistogram extends Series<Buckets> {
	readonly type = 'histogram';
	readonly #bounds: readonly number[];

	constructor(name: string, help: string, labels: LabelSets, bounds: readonly number[]) {
		super(name, help, labels);
		this.#bounds = bounds;
	}

	/** What belongs to a trace that is kept becomes the exemplar of its bucket. */
	observe(labels: LabelValues, value: number, exemplar?: LabelValues): void {
		if (!Number.isFinite(value)) throw new TypeError(`${this.name} cannot be ${value}`);
		const cell = this.cell(labels);
		const bucket = this.#bucketOf(value);
		cell.counts[bucket] = (cell.counts[bucket] ?? 0) + 1;
		cell.sum += value;
		if (!exemplar) return;
		cell.exemplars[bucket] = { labelSet: exemplar, value, timestamp: Date.now() / 1_000 };
	}

	#bucketOf(value: number): number {
		const bounds = this.#bounds;
		let index = 0;
		while (index < bounds.length && value > (bounds[index] ?? 0)) index += 1;
		return index;
	}

	protected create(labels: LabelValues): Buckets {
		const counts = new Float64Array(this.#bounds.length + 1);
		return { labels, counts, sum: 0, exemplars: [] };
	}

	protected show({ labels, counts, sum, exemplars }: Buckets): Shown[] {
		let count = 0;
		const buckets = [...this.#bounds, '+Inf'].map((le, index) => {
			count += counts[index] ?? 0;
			const exemplar = exemplars[index] ?? null;
			const metricName = `${this.name}_bucket`;
			return { labels: { le }, sharedLabels: labels, value: count, metricName, exemplar };
		});
		return [
			...buckets,
			{ labels: {}, sharedLabels: labels, value: sum, metricName: `${this.name}_sum` },
			{ labels: {}, sharedLabels: labels, value: count, metricName: `${this.name}_count` },
		];
	}
}
