import type { IncomingMessage } from 'node:http';
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
	/** `path` is what stands behind the door's own part of the URL. */
	read(request: IncomingMessage, path: URL): Promise<Call> | Call;
	/** What is looked at before the contract: chain, key, limits. Counts the call against them. */
	admit(call: Call): Admission;
	/** The right answer. */
	answer(call: Call): Promise<Reply> | Reply;
}
