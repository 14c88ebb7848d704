import { Channel } from 'node:diagnostics_channel';
import { context, ProxyTracerProvider, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { Metrics } from '../../platform/telemetry/metrics.ts';

/**
 * Loaded by `--import` before a process' own code: the same product, with nothing measured and nothing traced.
 * What is registered first stays, so the product's own tracing finds its place taken.
 */
const nothing = () => {};
Object.assign(Metrics.prototype, { measure: nothing, count: nothing, set: nothing });
Object.assign(Channel.prototype, { subscribe: nothing });
trace.setGlobalTracerProvider(new ProxyTracerProvider());
context.setGlobalContextManager({
	active: () => ROOT_CONTEXT,
	with: (_context, work, self, ...args) => work.apply(self, args),
	bind: (_context, target) => target,
	enable() {
		return this;
	},
	disable() {
		return this;
	},
});
