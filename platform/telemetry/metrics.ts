import {
	type Counter,
	collectDefaultMetrics,
	Gauge,
	type OpenMetricsContentType,
	Registry,
} from 'prom-client';
import type { TelemetryEvent } from '../../domain/telemetry.ts';
import { type Config, sourceNames } from '../config.ts';
import type { Instrument, Labels, Part, Process } from './instrument.ts';
import { type instruments, instrumentsOf } from './instruments.ts';
import { SeriesCounter, SeriesHistogram } from './series.ts';
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
type Made = SeriesCounter | SeriesHistogram | Gauge;

/** The instruments of one process: what it does not have is not counted. Made from the tables that `instruments.ts` puts together. */
export class Metrics {
	/** Shown at /metrics as OpenMetrics: the older format has no exemplars. */
	readonly registry: Registry<OpenMetricsContentType> = new Registry();
	readonly #made = new Map<string, Made>();
	readonly #readers = new Map<string, Read>();
	readonly #listeners = new Map<string, ((event: TelemetryEvent) => void)[]>();

	constructor(process: Process) {
		this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
		this.registry.setDefaultLabels({ service: process.part });
		for (const [name, instrument] of Object.entries(instrumentsOf[process.part])) {
			this.#make(name, instrument, process);
		}
	}

	/** Counts and measures an event; what this process has no instrument for changes nothing. */
	measure(event: TelemetryEvent): void {
		for (const listener of this.#listeners.get(event.type) ?? []) listener(event);
	}

	/** What no event reports: `by` more. */
	count<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>, by = 1): void {
		record(this.#made.get(name), 'counter', labels, by);
	}

	/** As `count`, of the number that there is now. */
	set<N extends NameOf<'gauge'>>(name: N, labels: LabelsOf<N>, value: number): void {
		record(this.#made.get(name), 'gauge', labels, value);
	}

	/** Who is asked for a gauge at each scrape; where it rejects, nothing is shown. */
	read(name: NameOf<'asked'>, read: Read): void {
		this.#readers.set(name, read);
	}

	#make(name: string, instrument: Instrument, process: Process): void {
		const { kind, help, labels, buckets, only } = instrument;
		const labelNames = Object.keys(labels);
		const described = { name, help, labelNames, registers: [this.registry] };
		const start = only ? combinations(labels).filter((each) => only(each, process)) : [];
		if (kind === 'counter') {
			this.#show(name, instrument, start, new SeriesCounter(name, help, labels));
		} else if (kind === 'gauge' || kind === 'upDown') {
			const gauge = new Gauge(described);
			for (const each of start) gauge.set(each, 0);
			this.#listen(name, instrument, gauge);
		} else if (buckets) {
			const histogram = new SeriesHistogram(name, help, labels, buckets);
			this.#show(name, instrument, start, histogram);
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

	#show(
		name: string,
		instrument: Instrument,
		start: readonly Record<string, string>[],
		series: SeriesCounter | SeriesHistogram,
	): void {
		for (const each of start) series.zero(each);
		// Of a metric the registry uses its name, its type and `get`.
		this.registry.registerMetric(series as unknown as Counter);
		this.#listen(name, instrument, series);
	}

	#listen(name: string, { kind, from = {} }: Instrument, made: Made): void {
		this.#made.set(name, made);
		for (const [type, sampleOf] of Object.entries(from)) {
			// The table has each function under the type of the event that it takes.
			const sample = sampleOf as (
				event: TelemetryEvent,
			) => [labels: object, value?: number] | undefined;
			const listener = (event: TelemetryEvent) => {
				const found = sample(event);
				if (found) record(made, kind, ...found);
			};
			this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
		}
	}
}

function record(made: Made | undefined, kind: string, described: object, value = 1): void {
	// Every label is a text, which the compiler cannot see of a name that is not known yet.
	const labels = described as Record<string, string>;
	if (made instanceof SeriesCounter) made.add(labels, value);
	else if (made instanceof SeriesHistogram) made.observe(labels, value, exemplar());
	else if (kind === 'upDown') made?.inc(labels, value);
	else made?.set(labels, value);
}

/** The metrics of a process, with what Node.js says of itself. */
export function openMetrics(part: Part, config: Config): Metrics {
	const metrics = new Metrics({ part, upstreams: sourceNames(config) });
	collectDefaultMetrics({
		register: metrics.registry,
		// A timer of so many milliseconds: at 10 it was half of what an idle server costs.
		eventLoopMonitoringPrecision: 20,
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
