import { type Attributes, type Context, type Link, TraceFlags, trace } from '@opentelemetry/api';
import { type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace';

/** On a root span: keep the trace whole, or give it what its links' traces were given. */
export const samplingRule = 'verifeed.sampling';
export type SamplingRule = 'always' | 'as-linked';

/**
 * Decides at the root: keeps submissions and the reads that were chosen, and what a sweep takes up as the submission it
 * belongs to. Any other root is recorded all the same, so that one that ends in an error can be kept after all; a
 * read that was not chosen has no span at all, and makes one when it has failed (`requestTraces`).
 */
export function createSampler(): Sampler {
	const keep = { decision: SamplingDecision.RECORD_AND_SAMPLED };
	return {
		shouldSample(
			context: Context,
			_traceId: string,
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
			return { decision: SamplingDecision.RECORD };
		},
		toString: () => 'verifeed',
	};
}

export function isSampled(span: { traceFlags: number } | undefined): boolean {
	return span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) !== 0;
}
