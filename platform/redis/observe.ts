import { SpanKind } from '@opentelemetry/api';
import type { CacheOperation, Emit } from '../../domain/telemetry.ts';
import { inChild } from '../telemetry/tracing/spans.ts';

/** Entries of the cache are kept by scripts. */
const spans = {
	get: { name: 'cache get', kind: SpanKind.CLIENT, attributes: redis('EVAL') },
	set: { name: 'cache set', kind: SpanKind.CLIENT, attributes: redis('EVAL') },
	del: { name: 'cache del', kind: SpanKind.CLIENT, attributes: redis('EVAL') },
	publish: {
		name: 'send contract.status',
		kind: SpanKind.PRODUCER,
		attributes: {
			...redis('PUBLISH'),
			'messaging.system': 'redis',
			'messaging.operation.type': 'send',
			'messaging.operation.name': 'publish',
			// The channel of each contract has a name of its own.
			'messaging.destination.template': 'contract.status:{contract}',
		},
	},
} as const;

/** Calls Redis in a span of its own, and emits how long that took, whatever came of it. */
export function observed<T>(
	emit: Emit,
	operation: CacheOperation,
	work: () => Promise<T>,
): Promise<T> {
	const { name, kind, attributes } = spans[operation];
	return inChild(name, { kind, attributes: { ...attributes } }, async () => {
		const started = performance.now();
		try {
			return await work();
		} finally {
			emit({ type: 'redis.called', operation, seconds: (performance.now() - started) / 1_000 });
		}
	});
}

function redis(operation: string) {
	return { 'db.system.name': 'redis', 'db.operation.name': operation } as const;
}
