import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Operation } from './operation.ts';

/** What a transport hands over, so that its operation is told of. */
export interface OperationTold {
	operation: Operation;
	/** Of an HTTP exchange: its answer is a stream that has begun. */
	streaming?(): void;
}

type Told = Partial<OperationTold>;

/**
 * Tells of every operation, over whichever transport it came. It runs in the span of its own; a subscription, which
 * outlives its span, runs apart from it.
 */
export const operationPlugin: Plugin<Told, Told> = {
	onExecute({ args, executeFn, setExecuteFn }) {
		const { operation } = toldIn(args.contextValue);
		if (!operation?.begin(args.document, args.operationName)) return;
		setExecuteFn((given) => operation.trace.run(() => executeFn(given)));
	},
	onSubscribe({ args, subscribeFn, setSubscribeFn }) {
		const { operation } = toldIn(args.contextValue);
		if (!operation?.begin(args.document, args.operationName)) return;
		setSubscribeFn((given) => operation.trace.runApart(() => subscribeFn(given)));
	},
	onResultProcess({ result, resultProcessor, serverContext: { operation, streaming } }) {
		if (!operation || Array.isArray(result)) return;
		if (!isAsyncIterable(result)) return operation.note(result.errors);
		// A client that takes no stream is answered with 406.
		if (!resultProcessor) return;
		operation.end('answered');
		streaming?.();
	},
};

/** The context is what the transport handed over, and more. */
function toldIn(context: unknown): Told {
	return context as Told;
}
