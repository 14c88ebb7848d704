import type { Contract } from '../domain/contract.ts';

/** Why there is nothing to download, and what to do about it. */
export function noSource(contract: Contract | null) {
	return { code: 'NO_SOURCE', message: sentence(contract), status: contract?.status ?? null };
}

function sentence(contract: Contract | null): string {
	switch (contract?.status) {
		case undefined:
			return 'Nobody has submitted this contract yet. Submit it with the mutation submitContract at /graphql, and ask again when its status is SUCCESS.';
		case 'CREATED':
			return 'This contract waits for its download. Ask again in a moment, or follow it with the subscription contractStatus at /graphql.';
		case 'PROCESS': {
			const failure = contract?.error ? ` The last attempt failed: ${contract.error.message}` : '';
			return `The source of this contract is being downloaded.${failure} Ask again in a moment, or follow it with the subscription contractStatus at /graphql.`;
		}
		case 'ERROR':
			return `The source of this contract could not be had. ${contract?.error?.message ?? ''} ${whatNow(contract)}`;
		case 'SUCCESS':
			throw new Error('a contract in SUCCESS has no source');
	}
}

function whatNow(contract: Contract | null): string {
	return contract?.error?.retryable
		? 'Submit it again with the mutation submitContract at /graphql.'
		: 'Submitting it again helps only once that has changed.';
}

/** For a hash that names no source of the contract. */
export const noSuchSource = {
	code: 'NO_SUCH_SOURCE',
	message:
		'This contract has had no source with that hash; the field Contract.sources at /graphql lists those it has had.',
};
