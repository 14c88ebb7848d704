import {
	Counter,
	collectDefaultMetrics,
	Gauge,
	Histogram,
	type OpenMetricsContentType,
	Registry,
} from 'prom-client';
import { type Config, sourceNames } from '../config.ts';
import type { Instrument, Labels, Part, Process } from './instrument.ts';
import { type instruments, instrumentsOf } from './instruments.ts';
import { exemplar } from './tracing/spans.ts';

type Name = keyof typeof instruments;
type NameOf<K extends string> = {
	[N in Name]: (typeof instruments)[N]['kind'] extends K ? N : never;
}[Name];
type LabelsOf<N extends Name> = Labels<(typeof instruments)[N]['labels']>;

/** What a gauge has at a scrape: one number without labels, or one for each set of labels; null: nothing is known. */
export type Values =
	| number
	| null
	| readonly (readonly [labels: Record<string, string>, value: number])[];
type Read = () => Values | Promise<Values>;

/** The instruments of one process: what it does not have is not counted. Made from the table in `instruments.ts`. */
export class Metrics {
	/** Shown at /metrics as OpenMetrics: the older format has no exemplars. */
	readonly registry: Registry<OpenMetricsContentType> = new Registry();
	readonly #made = new Map<string, Counter | Gauge | Histogram>();
	readonly #readers = new Map<string, Read>();

	constructor(process: Process) {
		this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
		this.registry.setDefaultLabels({ service: process.part });
		for (const [name, instrument] of Object.entries(instrumentsOf[process.part])) {
			this.#make(name, instrument, process);
		}
	}

	count<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>, by = 1): void {
		const counter = this.#made.get(name);
		if (counter instanceof Counter) counter.inc(plain(labels), by);
	}

	set<N extends NameOf<'gauge'>>(name: N, labels: LabelsOf<N>, value: number): void {
		const gauge = this.#made.get(name);
		if (gauge instanceof Gauge) gauge.set(plain(labels), value);
	}

	add<N extends NameOf<'gauge'>>(name: N, labels: LabelsOf<N>, by: 1 | -1): void {
		const gauge = this.#made.get(name);
		if (gauge instanceof Gauge) gauge.inc(plain(labels), by);
	}

	/** What belongs to a trace that is kept becomes the exemplar of its bucket. */
	observe<N extends NameOf<'histogram'>>(name: N, labels: LabelsOf<N>, seconds: number): void {
		const histogram = this.#made.get(name);
		if (!(histogram instanceof Histogram)) return;
		const exemplarLabels = exemplar();
		histogram.observe({
			labels: plain(labels),
			value: seconds,
			...(exemplarLabels && { exemplarLabels }),
		});
	}

	/** Who is asked for a gauge at each scrape; where it rejects, nothing is shown. */
	read(name: NameOf<'asked'>, read: Read): void {
		this.#readers.set(name, read);
	}

	#make(name: string, { kind, help, labels, buckets, only }: Instrument, process: Process): void {
		const labelNames = Object.keys(labels);
		const described = { name, help, labelNames, registers: [this.registry] };
		const start = only ? combinations(labels).filter((each) => only(each, process)) : [];
		if (kind === 'counter') {
			const counter = new Counter(described);
			for (const each of start) counter.inc(each, 0);
			this.#made.set(name, counter);
		} else if (kind === 'gauge') {
			const gauge = new Gauge(described);
			for (const each of start) gauge.set(each, 0);
			this.#made.set(name, gauge);
		} else if (buckets) {
			const own = { buckets: [...buckets], enableExemplars: true };
			const histogram = new Histogram({ ...described, ...own });
			for (const each of start) histogram.zero(each);
			this.#made.set(name, histogram);
		} else {
			const values = async (): Promise<Values> => this.#readers.get(name)?.() ?? null;
			new Gauge({
				...described,
				async collect() {
					const found = await values().catch(() => null);
					// Without labels a reset shows 0.
					if (labelNames.length > 0) this.reset();
					else this.remove();
					if (typeof found === 'number') this.set(found);
					else for (const [at, value] of found ?? []) this.set(at, value);
				},
			});
		}
	}
}

/** The metrics of a process, with what Node.js says of itself. */
export function openMetrics(part: Part, config: Config): Metrics {
	const metrics = new Metrics({ part, upstreams: sourceNames(config) });
	collectDefaultMetrics({
		register: metrics.registry,
		eventLoopMonitoringPrecision: 10,
		gcDurationBuckets: [0.01, 0.1, 1],
	});
	const build = { version: config.APP_VERSION, commit: config.APP_COMMIT };
	metrics.read('app_build_info', () => [[build, 1]]);
	return metrics;
}

function combinations(labels: Readonly<Record<string, readonly string[]>>) {
	let sets: Record<string, string>[] = [{}];
	for (const [label, values] of Object.entries(labels)) {
		sets = sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value })));
	}
	return sets;
}

/** Every label is a text, which the compiler cannot see of a name that is not known yet. */
function plain(labels: object): Record<string, string> {
	return labels as Record<string, string>;
}
