import {
	type OperationType,
	ownOperations,
	type TelemetryEvent,
	type TelemetryEventOf,
} from '../../domain/telemetry.ts';

/** The processes that there are. */
export type Part = 'server' | 'worker' | 'warmup';

/** What decides which series a process has. */
export interface Process {
	part: Part;
	/** Those that the configuration names, as labels. */
	upstreams: readonly string[];
}

/** Labels with all values each may take: nothing that a client chooses. */
export type LabelSets = Readonly<Record<string, readonly string[]>>;
export type Labels<S extends LabelSets> = { readonly [K in keyof S]: S[K][number] };

type EventType = TelemetryEvent['type'];
/** What one event adds: its labels, and the number where that is not 1; undefined: nothing. */
type Sample<S extends LabelSets> = readonly [labels: Labels<S>, value?: number] | undefined;
/** The events that change an instrument, and what of each. */
type From<S extends LabelSets> = {
	readonly [T in EventType]?: (event: TelemetryEventOf<T>) => Sample<S>;
};
type Only<S extends LabelSets> = (labels: Labels<S>, process: Process) => boolean;

export interface Instrument<K extends string = string, S extends LabelSets = LabelSets> {
	kind: K;
	help: string;
	labels: S;
	/** Upper bounds in seconds; of a histogram. */
	buckets?: readonly number[];
	/** One by one: what takes the event of another type would not fit this one. */
	from?: Readonly<Partial<Record<EventType, (event: never) => Sample<S>>>>;
	/** Which series are there from the start, at zero. Of a gauge that is asked at each scrape none is. */
	only?(labels: Labels<S>, process: Process): boolean;
}

const every = () => true;

export function counter<const S extends LabelSets>(
	help: string,
	labels: S,
	from: From<NoInfer<S>> = {},
	only: Only<S> = every,
): Instrument<'counter', S> {
	return { kind: 'counter', help, labels, from, only };
}

/** Has the number of the last event. */
export function gauge<const S extends LabelSets>(
	help: string,
	labels: S,
	from: From<NoInfer<S>> = {},
	only: Only<S> = every,
): Instrument<'gauge', S> {
	return { kind: 'gauge', help, labels, from, only };
}

/** A gauge to which each event adds. */
export function upDown<const S extends LabelSets>(
	help: string,
	labels: S,
	from: From<NoInfer<S>>,
): Instrument<'upDown', S> {
	return { kind: 'upDown', help, labels, from, only: every };
}

/** A gauge whose owner is asked for its values at each scrape. */
export function asked<const L extends string = never>(
	help: string,
	...labels: L[]
): Instrument<'asked', Record<L, readonly string[]>> {
	const sets = Object.fromEntries(labels.map((label) => [label, []]));
	// One for each of the names given.
	return { kind: 'asked', help, labels: sets as unknown as Record<L, readonly string[]> };
}

export function histogram<const S extends LabelSets>(
	help: string,
	buckets: readonly number[],
	labels: S,
	from: From<NoInfer<S>> = {},
	only: Only<S> = every,
): Instrument<'histogram', S> {
	return { kind: 'histogram', help, buckets, labels, from, only };
}

// Upper bounds in seconds. Those of promises and alerts stand in them exactly.
export const answerSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;
/** Of what is mostly read from memory. */
export const readSeconds = [0.0005, 0.001, 0.0025, ...answerSeconds] as const;
export const redisSeconds = [
	0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25,
] as const;
/** From a submission to its end. */
export const lifeSeconds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600] as const;
/** Between the parts of the pipeline, and for the turns of upstreams. */
export const waitSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60] as const;

/** Of an operation of ours. */
export function typeOf(operation: string): OperationType | undefined {
	return Object.hasOwn(ownOperations, operation) ? ownOperations[operation] : undefined;
}

const ofSubmissions = new Set(['RATE_LIMITED', 'UNAUTHENTICATED']);

/** What runs has been read and is valid; what does not run is refused before anything else can be wrong. */
export function mayHaveError(operation: string, code: string): boolean {
	if (code === 'INTERNAL_SERVER_ERROR' || code === 'other') return true;
	if (code === 'TOO_MANY_CONNECTIONS') return operation === 'other';
	const ofRunning = code === 'TOO_MANY_SUBSCRIPTIONS' || code === 'SERVICE_UNAVAILABLE';
	if (operation === 'invalid') return !ofRunning && !ofSubmissions.has(code);
	const type = typeOf(operation);
	// Of any operation where it comes too fast: counted as `other`.
	if (ofSubmissions.has(code)) return type === undefined || type === 'mutation';
	if (code === 'TOO_MANY_SUBSCRIPTIONS') return type === undefined || type === 'subscription';
	return ofRunning || code === 'BAD_USER_INPUT';
}

/** The others are there once they happen: each would be 13 lines that stay at zero. */
export function isUsualRequest(
	labels: Record<'method' | 'route' | 'status_class', string>,
): boolean {
	const { method, route, status_class: status } = labels;
	if (method === 'other') return false;
	if (route === '/health') return method === 'GET' && status !== '3xx' && status !== '4xx';
	if (route === 'other') return method === 'GET' && (status === '3xx' || status === '4xx');
	if (method === 'OPTIONS') return status === '2xx';
	if (status === '3xx') return route === '/contracts' && method !== 'POST';
	if (method === 'HEAD') return route === '/contracts';
	return method === 'GET' || route !== '/contracts';
}

export function isRoleOf({ role }: { role: string }, { part }: Process): boolean {
	return role === 'publisher' || part === 'worker';
}
