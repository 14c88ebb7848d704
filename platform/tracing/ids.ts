import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';

export interface TraceIds {
	traceId: string;
	spanId: string;
}

const random = new RandomIdGenerator();
let promised: TraceIds | null = null;

/** Ids for a span that is started later, by `withIds`: of a request its trace is named before it is read. */
export function newIds(): TraceIds {
	return { traceId: random.generateTraceId(), spanId: random.generateSpanId() };
}

/** Gives the one root span that `start` starts these ids. */
export function withIds<T>(ids: TraceIds, start: () => T): T {
	promised = ids;
	try {
		return start();
	} finally {
		promised = null;
	}
}

export const idGenerator: IdGenerator = {
	generateTraceId: () => promised?.traceId ?? random.generateTraceId(),
	generateSpanId: () => promised?.spanId ?? random.generateSpanId(),
};
