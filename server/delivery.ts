import type { GraphQLError } from 'graphql';
import type { StatusEvent } from '../domain/contract.ts';
import type { DeliveryMetrics } from '../platform/metrics/subscriptions.ts';
import { type DeliverySpan, startDelivery } from '../platform/telemetry/tracing/request.ts';
import type { Operation } from './operation.ts';
import type { Onlooker, StreamName } from './streams.ts';

/** Follows the events of one subscription from its stream to its socket, one at a time. */
export interface Delivery {
	/** To be told of the stream. */
	onlooker: Required<Onlooker>;
	/** The event that is on its way is given to the socket, as this result. */
	handed(result: { errors?: readonly GraphQLError[] | undefined }): void;
}

interface OnItsWay {
	event: StatusEvent;
	name: StreamName;
	span: DeliverySpan | null;
}

export function newDelivery(
	metrics: DeliveryMetrics,
	operation: Pick<Operation, 'note'>,
	transport: 'ws' | 'sse',
): Delivery {
	const begunAt = Date.now();
	let onItsWay: OnItsWay | null = null;

	/** Its subscriber has left meanwhile. */
	function drop(): void {
		if (!onItsWay) return;
		metrics.event(onItsWay.name, 'dropped', null);
		onItsWay.span?.end(true);
		onItsWay = null;
	}

	return {
		onlooker: {
			opened: () => drop,
			passed(event, name) {
				drop();
				const span = startDelivery(event.trace, {
					'graphql.operation.type': 'subscription',
					'verifeed.subscription': name,
					'verifeed.transport': transport,
					'verifeed.version': event.version,
				});
				onItsWay = { event, name, span };
			},
		},
		handed({ errors }) {
			operation.note(errors);
			if (!onItsWay) return;
			const failed = errors !== undefined;
			const { event, name, span } = onItsWay;
			onItsWay = null;
			// Whoever asks for the past gets what is old.
			const isNew = event.at.getTime() >= begunAt;
			const seconds = isNew ? Math.max(0, Date.now() - event.at.getTime()) / 1_000 : null;
			const measure = () => metrics.event(name, failed ? 'failed' : 'sent', seconds);
			if (span) span.run(measure);
			else measure();
			span?.end(failed);
		},
	};
}
