import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { EmulatedApi } from './api.ts';
import type { RunningApis } from './apis.ts';
import { statsOf } from './counter.ts';
import { checkFaultMix, type FaultMix, parseFault } from './faults.ts';
import { type ApiName, apiNames } from './protocol.ts';
import { json, type Reply } from './reply.ts';

/** Where other processes order faults and read the counts; no upstream has a path of this name. */
export const controlPath = '/emulator';

const apiSchema = z.enum(apiNames).default('etherscan');
const contractSchema = z.strictObject({
	api: apiSchema,
	chainId: z.int(),
	address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
});
const replySchema = z.strictObject({
	status: z.int().min(200).max(599).default(200),
	headers: z.record(z.string(), z.string()).default({}),
	body: z.string(),
});
const faultSchema = z.union([z.string(), replySchema]);
const injectSchema = contractSchema.extend({
	faults: z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]),
});
const putSchema = contractSchema.extend({ item: z.record(z.string(), z.unknown()) });
const behaveSchema = z.strictObject({
	api: apiSchema,
	faults: z.record(z.string(), z.number()).optional(),
	latency: z.union([z.number().min(0), z.tuple([z.number().min(0), z.number()])]).optional(),
});

/** Answers one order; an order that cannot be carried out gets 400 and a sentence. */
export async function control(
	request: IncomingMessage,
	path: URL,
	apis: RunningApis,
): Promise<Reply> {
	const order = `${request.method} ${path.pathname}`;
	try {
		switch (order) {
			case 'GET /stats':
				return json(allStats(apis, path.searchParams.has('arrivals')));
			case 'POST /inject':
				return inject(await readBody(request, injectSchema), apis);
			case 'POST /put':
				return put(await readBody(request, putSchema), apis);
			case 'POST /behave':
				return behave(await readBody(request, behaveSchema), apis);
			default:
				return json({ error: `${order} is none of the controls` }, 404);
		}
	} catch (error) {
		return json({ error: error instanceof Error ? error.message : String(error) }, 400);
	}
}

async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
	const read = schema.safeParse(JSON.parse(await text(request)));
	if (!read.success) throw new Error(z.prettifyError(read.error));
	return read.data;
}

function allStats(apis: RunningApis, arrivals: boolean): object {
	return Object.fromEntries(apiNames.map((name) => [name, statsOf(apis[name].api, { arrivals })]));
}

function inject(order: z.infer<typeof injectSchema>, apis: RunningApis): Reply {
	const { api, chainId, address } = order;
	const faults = order.faults.map((fault) =>
		typeof fault === 'string' ? parseFault(fault, api) : fault,
	);
	apis[api].api.inject(chainId, address, faults);
	return json({ injected: faults.length });
}

function put(order: z.infer<typeof putSchema>, apis: RunningApis): Reply {
	// Whoever puts a contract from outside answers for its form, wrong forms included.
	const api = apis[order.api].api as EmulatedApi<Record<string, unknown>>;
	api.put(order.chainId, order.address, order.item);
	return json({ put: order.address });
}

function behave(order: z.infer<typeof behaveSchema>, apis: RunningApis): Reply {
	const { api, faults, latency } = order;
	apis[api].api.behave({
		...(faults && { faults: checkedMix(faults, api) }),
		...(latency !== undefined && { latency }),
	});
	return json({ api });
}

function checkedMix(faults: Record<string, number>, api: ApiName): FaultMix {
	checkFaultMix(faults, api);
	return faults;
}
