import type { Address } from '../domain/address.ts';
import type { FetchedSource } from '../domain/source.ts';
import { policyOf, UpstreamFailure } from './failure.ts';

/** Not verified itself, but the upstream names a verified contract with the same code. */
export class TwinElsewhere extends UpstreamFailure {
	readonly twin: Address;

	constructor(upstream: string, twin: Address) {
		const asked = { waitMs: 0, untilResetMs: 0, perSecond: null };
		super('UNVERIFIED', policyOf('UNVERIFIED').sentence(upstream), asked);
		this.twin = twin;
	}
}

/** The twin's source, without what is the twin's alone. */
export function sourceOfTwin(source: FetchedSource, twin: Address): FetchedSource {
	const description: FetchedSource['description'] = {
		...source.description,
		constructorArguments: '0x',
		implementations: [],
		match: 'UNKNOWN',
		similarMatch: twin,
	};
	return { ...source, description };
}
