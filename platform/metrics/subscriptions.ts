import type {
	DeliveryResult,
	Emit,
	SubscriptionField,
	SubscriptionTransport,
} from '../../domain/telemetry.ts';

/** Subscriptions that are open now; what is returned counts one until it is called back. */
export function countSubscriptions(
	emit: Emit,
): (field: SubscriptionField, transport: SubscriptionTransport) => () => void {
	return (field, transport) => {
		emit({ type: 'subscription.opened', field, transport });
		return () => emit({ type: 'subscription.closed', field, transport });
	};
}

export interface DeliveryMetrics {
	/** `seconds` from the commit of an event until it was handed to its subscriber's socket, where that counts. */
	event(field: SubscriptionField, result: DeliveryResult, seconds: number | null): void;
}

export function createDeliveryMetrics(emit: Emit): DeliveryMetrics {
	return {
		event: (field, result, seconds) => emit({ type: 'subscription.event', field, result, seconds }),
	};
}

export interface SocketMetrics {
	opened(): void;
	closed(code: number): void;
}

export function createSocketMetrics(emit: Emit): SocketMetrics {
	return {
		opened: () => emit({ type: 'websocket.opened' }),
		closed: (code) => emit({ type: 'websocket.closed', code }),
	};
}
