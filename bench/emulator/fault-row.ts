import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ApiName, Target } from './protocol.ts';
import { json, type Reply, send } from './reply.ts';

/** A call that is to be corrupted, and all that a fault may need for it. */
export interface Exchange {
	/** What would have been the right answer. */
	reply: Reply;
	request: IncomingMessage;
	response: ServerResponse;
	target: Target;
	/** Milliseconds that the fault `slow` takes. */
	slowness: number;
	stopped: AbortSignal;
}

/** What a fault does: give another answer, or something with the connection. */
export type FaultEffect = Reply | ((exchange: Exchange) => Promise<void> | void);

/** A fault at the APIs that have it. */
export type FaultRow = Readonly<Partial<Record<ApiName, FaultEffect>>>;

/** A fault that any upstream can have, in the same way. */
export function everywhere(way: FaultEffect): Record<ApiName, FaultEffect> {
	return { etherscan: way, sourcify: way, blockscout: way };
}

const objectSchema = z.record(z.string(), z.unknown());

/** The right answer with some fields of its JSON changed; as it is when it is no JSON object. */
export function changed(change: (body: Record<string, unknown>) => object): FaultEffect {
	return ({ reply, response }) => {
		const body = objectSchema.safeParse(JSON.parse(textOf(reply)));
		send(
			response,
			body.success ? { ...reply, ...json({ ...body.data, ...change(body.data) }) } : reply,
		);
	};
}

export function textOf({ body }: Reply): string {
	return typeof body === 'string' ? body : new TextDecoder().decode(body);
}
