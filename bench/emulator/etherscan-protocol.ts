import { type EtherscanItem, unverifiedItem } from '../../sources/etherscan/format.ts';
import { type Call, readCall } from './call.ts';
import { isSupportedChain } from './chains.ts';
import { notOk, ok, refusals } from './envelope.ts';
import { createKeyGuard, type KeyLimits } from './keys.ts';
import type { Protocol } from './protocol.ts';
import type { Reply } from './reply.ts';
import type { Shelf } from './shelf.ts';

/** Etherscan V2, in its order: chain, key and limits, then the contract. */
export function speakEtherscan(limits: KeyLimits, shelf: Shelf<EtherscanItem>): Protocol<Call> {
	const refuseKey = createKeyGuard(limits, () => performance.now());
	return {
		read: readCall,
		admit(call) {
			if (!isSupportedChain(call.chainId)) return { refused: notOk(refusals.chain) };
			const text = refuseKey(call);
			return { refused: text === undefined ? undefined : notOk(text) };
		},
		answer: (call) => answer(call, shelf),
	};
}

async function answer(call: Call, shelf: Shelf<EtherscanItem>): Promise<Reply> {
	if (call.module !== 'contract') return notOk(refusals.module);
	if (call.action !== 'getsourcecode' && call.action !== 'getabi') return notOk(refusals.action);
	if (!/^0x[0-9a-fA-F]{40}$/.test(call.address)) return notOk(refusals.address);
	const item = (await shelf.find(call.chainId, call.address)) ?? unverifiedItem;
	if (call.action === 'getsourcecode') return ok([item]);
	return item.ABI === refusals.notVerified ? notOk(refusals.notVerified) : ok(item.ABI);
}
