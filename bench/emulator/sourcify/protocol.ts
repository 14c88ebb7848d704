import type { IncomingMessage } from 'node:http';
import { isAddress } from 'viem';
import { isSupportedChain } from '../chains.ts';
import type { EmulatedContracts } from '../contracts.ts';
import { createGate, type KeyLimits } from '../keys.ts';
import type { Protocol, Target } from '../protocol.ts';
import { json, type Reply } from '../reply.ts';
import { sourcifyErrors } from './errors.ts';
import { refuseSelection, type Selection, select } from './fields.ts';
import { notMatched, type SourcifyContract } from './form.ts';

interface SourcifyCall extends Target, Selection {
	/** Whether this is the one route that is emulated. */
	known: boolean;
}

/** Sourcify's v2 contract look-up: no key, and one rate for all callers. */
export function sourcifyProtocol(
	limits: Pick<KeyLimits, 'rate' | 'daily'>,
	contracts: EmulatedContracts<SourcifyContract>,
): Protocol<SourcifyCall> {
	const gate = createGate({ rate: limits.rate, daily: limits.daily }, () => performance.now());
	return {
		read,
		admit() {
			return { refused: gate('all').refusal && sourcifyErrors.tooManyRequests() };
		},
		answer: (call) => answer(call, contracts),
	};
}

function read(request: IncomingMessage, path: URL): SourcifyCall {
	const [, chainId = '', address = ''] =
		/^\/v2\/contract\/([^/]+)\/([^/]+)\/?$/.exec(path.pathname) ?? [];
	const list = (name: string) => path.searchParams.get(name)?.split(',') ?? [];
	const known = address !== '' && request.method === 'GET';
	return { chainId, address, fields: list('fields'), omit: list('omit'), known };
}

async function answer(
	call: SourcifyCall,
	contracts: EmulatedContracts<SourcifyContract>,
): Promise<Reply> {
	if (!call.known) return sourcifyErrors.route();
	if (!isSupportedChain(call.chainId)) return sourcifyErrors.unsupportedChain(call.chainId);
	// A checksum that is there has to be right.
	if (!isAddress(call.address, { strict: true })) return sourcifyErrors.address(call.address);
	const refused = refuseSelection(call);
	if (refused !== undefined) return sourcifyErrors.field(refused);
	const contract = await contracts.find(call.chainId, call.address);
	return contract ? json(select(contract, call)) : json(notMatched(call), 404);
}
