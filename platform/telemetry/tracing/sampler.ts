import { type Attributes, type Context, type Link, TraceFlags, trace } from '@opentelemetry/api';
import {
	type Sampler,
	SamplingDecision,
	type SamplingResult,
	TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** On a root span: keep the trace whole, a share of such traces, or what its links' traces were given. */
export const samplingRule = 'verifeed.sampling';
export type SamplingRule = 'always' | 'share' | 'as-linked';

/**
 * Decides at the root: submissions whole, reads a share, and what a sweep takes up as the submission it belongs
 * to. Any other root that is not kept is recorded all the same, so that one that ends in an error can be kept after
 * all; a read that was not chosen is not, and makes its span when it has failed (`newRequestTrace`).
 */
export function createSampler(share: number): Sampler {
	const some = new TraceIdRatioBasedSampler(share);
	const keep = { decision: SamplingDecision.RECORD_AND_SAMPLED };
	return {
		shouldSample(
			context: Context,
			traceId: string,
			_name: string,
			_kind,
			attributes: Attributes,
			links: Link[],
		): SamplingResult {
			const parent = trace.getSpanContext(context);
			if (parent) {
				return isSampled(parent) ? keep : { decision: SamplingDecision.NOT_RECORD };
			}
			const rule = attributes[samplingRule];
			if (rule === 'always') return keep;
			if (rule === 'as-linked' && links.some(({ context: linked }) => isSampled(linked))) {
				return keep;
			}
			if (rule === 'share') return some.shouldSample(context, traceId);
			return { decision: SamplingDecision.RECORD };
		},
		toString: () => `verifeed(${share})`,
	};
}

export function isSampled(span: { traceFlags: number } | undefined): boolean {
	return span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) !== 0;
}
