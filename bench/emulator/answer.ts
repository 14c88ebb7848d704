import type { Call } from './call.ts';
import { isSupportedChain } from './chains.ts';
import { notOk, ok, type Reply, refusals } from './envelope.ts';
import { notVerified } from './item.ts';
import type { Library } from './library.ts';

/** What Etherscan refuses before it looks at the key. */
export function refuseChain(call: Call): Reply | undefined {
	return isSupportedChain(call.chainId) ? undefined : notOk(refusals.chain);
}

/** The right answer to a call whose chain and key are good. */
export async function answer(call: Call, library: Library): Promise<Reply> {
	if (call.module !== 'contract') return notOk(refusals.module);
	if (call.action !== 'getsourcecode' && call.action !== 'getabi') return notOk(refusals.action);
	if (!/^0x[0-9a-fA-F]{40}$/.test(call.address)) return notOk(refusals.address);
	const item = await library.find(call.chainId, call.address);
	if (call.action === 'getsourcecode') return ok([item]);
	return item.ABI === notVerified ? notOk(notVerified) : ok(item.ABI);
}
