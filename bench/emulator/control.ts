import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Door } from './door.ts';
import { type DoorName, doorNames } from './door-name.ts';
import { checkFaultMix, type FaultMix, parseFault } from './faults.ts';
import type { OpenDoors } from './open-doors.ts';
import { json, type Reply } from './reply.ts';
import { statsOf } from './stats.ts';

/** Where other processes order faults and read the counts; no upstream has a path of this name. */
export const controlPath = '/emulator';

const doorSchema = z.enum(doorNames).default('etherscan');
const contractSchema = z.strictObject({
	door: doorSchema,
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
	door: doorSchema,
	faults: z.record(z.string(), z.number()).optional(),
	latency: z.union([z.number().min(0), z.tuple([z.number().min(0), z.number()])]).optional(),
});

/** Answers one order; an order that cannot be carried out gets 400 and a sentence. */
export async function control(
	request: IncomingMessage,
	path: URL,
	doors: OpenDoors,
): Promise<Reply> {
	const order = `${request.method} ${path.pathname}`;
	try {
		switch (order) {
			case 'GET /stats':
				return json(allStats(doors, path.searchParams.has('arrivals')));
			case 'POST /inject':
				return inject(await readBody(request, injectSchema), doors);
			case 'POST /put':
				return put(await readBody(request, putSchema), doors);
			case 'POST /behave':
				return behave(await readBody(request, behaveSchema), doors);
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

function allStats(doors: OpenDoors, arrivals: boolean): object {
	return Object.fromEntries(
		doorNames.map((name) => [name, statsOf(doors[name].door, { arrivals })]),
	);
}

function inject(order: z.infer<typeof injectSchema>, doors: OpenDoors): Reply {
	const { door, chainId, address } = order;
	const faults = order.faults.map((fault) =>
		typeof fault === 'string' ? parseFault(fault, door) : fault,
	);
	doors[door].door.inject(chainId, address, faults);
	return json({ injected: faults.length });
}

function put(order: z.infer<typeof putSchema>, doors: OpenDoors): Reply {
	// Whoever puts a contract from outside answers for its form, wrong forms included.
	const door = doors[order.door].door as Door<Record<string, unknown>>;
	door.put(order.chainId, order.address, order.item);
	return json({ put: order.address });
}

function behave(order: z.infer<typeof behaveSchema>, doors: OpenDoors): Reply {
	const { door, faults, latency } = order;
	doors[door].door.behave({
		...(faults && { faults: checkedMix(faults, door) }),
		...(latency !== undefined && { latency }),
	});
	return json({ door });
}

function checkedMix(faults: Record<string, number>, door: DoorName): FaultMix {
	checkFaultMix(faults, door);
	return faults;
}
