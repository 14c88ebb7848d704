import {
	type ContractErrorCode as Code,
	contractErrorCodes,
	type ContractError as Shape,
} from '../domain/errors.ts';
import type { Status } from '../domain/status.ts';
import { builder } from './builder.ts';

const statuses: Record<Status, { description: string }> = {
	CREATED: { description: 'Accepted and stored; waiting in the queue.' },
	PROCESS: { description: 'A worker is downloading it, or it waits for its next attempt.' },
	SUCCESS: { description: 'The source code is stored.' },
	ERROR: {
		description: 'There is no source code; `error` says why. Submitting again tries again.',
	},
};

export const ContractStatus = builder.enumType('ContractStatus', { values: statuses });

const codes: Record<Code, string> = {
	NOT_VERIFIED: 'The upstreams know the address but hold no verified source for it.',
	UNSUPPORTED_CHAIN: 'No configured upstream serves this chain.',
	INVALID_API_KEY: 'The upstream refused the API key.',
	QUOTA_EXHAUSTED: 'The daily quota is spent at every upstream that could answer.',
	UPSTREAM_UNAVAILABLE:
		'No upstream could be reached, or they kept failing, blocking or timing out.',
	MALFORMED_RESPONSE: 'An upstream answered with something that cannot be read as source code.',
	SOURCE_TOO_LARGE: 'The source is larger than this server stores.',
	INTERNAL: 'A fault of this service.',
};

const ContractErrorCode = builder.enumType('ContractErrorCode', {
	values: Object.fromEntries(
		contractErrorCodes.map((code) => [code, { description: codes[code] }]),
	) as Record<Code, { description: string }>,
});

export const ContractError = builder.objectRef<Shape>('ContractError').implement({
	fields: (t) => ({
		code: t.expose('code', { type: ContractErrorCode }),
		message: t.exposeString('message', {
			description: 'One sentence for a person. Never holds a key, a credential or a stack.',
		}),
		retryable: t.exposeBoolean('retryable', {
			description: 'Whether submitting again later can succeed without anything else changing.',
		}),
	}),
});
