import type { IncomingMessage } from 'node:http';
import type { FaultMix } from './faults.ts';
import type { KeyLimits } from './keys.ts';
import type { Reply } from './reply.ts';

/** The contract that a call is about, as the call spells it. */
export interface Target {
	chainId: string;
	address: string;
}

/** Whether a call is let in, and what every answer to it says of the limits. */
export interface Admission {
	refused?: Reply | undefined;
	headers?: Readonly<Record<string, string>>;
}

/** How one upstream speaks; latency, faults, holds and counting are the same for all. */
export interface Protocol<Call extends Target> {
	/** `path` is what stands behind the API's own part of the URL. */
	read(request: IncomingMessage, path: URL): Promise<Call> | Call;
	/** What is looked at before the contract: chain, key, limits. Counts the call against them. */
	admit(call: Call): Admission;
	/** The right answer. */
	answer(call: Call): Promise<Reply> | Reply;
}

/** How an emulator behaves; without any of it, it answers at once, rightly and without limits. */
export interface Behaviour extends KeyLimits {
	/** Milliseconds before each answer: always the same, or anything between the two. */
	latency?: number | readonly [min: number, max: number] | undefined;
	faults?: FaultMix | undefined;
	/** The same seed gives the same faults to the same calls. */
	seed?: string | undefined;
	/** Milliseconds that the fault `slow` takes. */
	slowness?: number | undefined;
}

export interface ApiOptions extends Behaviour {
	/** Whether this upstream has the real contracts. Etherscan has unless switched off, the others when switched on. */
	catalogue?: boolean | undefined;
}

export interface EtherscanOptions extends ApiOptions {
	/** Each address that begins so, such as `0x57e55`, is verified, with a small source that is made when asked for. */
	verified?: string | undefined;
}

/** The upstreams that are emulated. */
export const apiNames = ['etherscan', 'sourcify', 'blockscout'] as const;

export type ApiName = (typeof apiNames)[number];
