import { addressOrNull } from '../../domain/address.ts';
import type { Chains } from '../../domain/chain.ts';
import type { ContractKey } from '../../domain/contract.ts';
import type { Parameters } from './parameters.ts';
import { texts } from './texts.ts';

export interface Call {
	action: 'getsourcecode' | 'getabi';
	key: ContractKey;
}

/** Reads a call, or says what is wrong with it in Etherscan's words and in its order of looking. */
export function readCall(parameter: Parameters, chains: Chains): Call | { refusal: string } {
	const chainId = parameter('chainid') ?? '1';
	if (!/^[1-9]\d{0,14}$/.test(chainId) || !chains.get(Number(chainId))) {
		return { refusal: texts.chain };
	}
	if (parameter('module')?.toLowerCase() !== 'contract') return { refusal: texts.module };
	const action = parameter('action')?.toLowerCase();
	if (action !== 'getsourcecode' && action !== 'getabi') return { refusal: texts.action };
	const text = parameter('address') ?? '';
	// Any case, whatever its checksum says: so does Etherscan.
	const address = /^0x/i.test(text) ? addressOrNull(text) : null;
	if (address === null) return { refusal: texts.address };
	return { action, key: { chainId: Number(chainId), address } };
}
