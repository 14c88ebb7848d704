import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../../domain/status.ts';
import { watch, watchMany } from '../harness/client.ts';
import { type ServerName, serverNames } from './links.ts';
import type { Facts } from './observations.ts';
import { observeEvent } from './observe-event.ts';
import { type ClientContext, isRefusal } from './subscriber.ts';

/** Follows several contracts over one stream, which has no cursor: each connection begins with the newest. */
export async function followMany(many: readonly Facts[], context: ClientContext): Promise<void> {
	const { observations, random, closing } = context;
	const byAddress = new Map(many.map((facts) => [facts.address, facts]));
	/** The newest version of each, over all connections. */
	const seen = new Map<string, number>();
	observations.count('subscriptions');

	async function connectOnce(server: ServerName): Promise<'finished' | 'broken'> {
		const addresses = [...byAddress.keys()];
		const here = new Map<string, number>();
		const open = new Set(addresses);
		const stream = watch('ws', context.url(server), watchMany, { addresses });
		const leave = () => void stream.leave().catch(() => {});
		closing.addEventListener('abort', leave, { once: true });
		try {
			for await (const event of stream) {
				const { address = '' } = event.contract ?? {};
				const facts = byAddress.get(address);
				if (!facts) continue;
				const before = here.get(address);
				const known = seen.get(address) ?? 0;
				const wrong = before === undefined ? event.version < known : event.version !== before + 1;
				const from = `many from ${server}`;
				if (wrong) {
					const what = `${from}: version ${event.version} came after ${before ?? known}`;
					observations.violate('streams', what, address);
				}
				here.set(address, event.version);
				seen.set(address, event.version);
				const status = observeEvent(event, facts, observations, from);
				if (isFinal(status)) open.delete(address);
				else open.add(address);
			}
			if (open.size === 0 || closing.aborted) return 'finished';
			observations.violate(
				'streams',
				`many from ${server} ended with ${open.size} open`,
				[...open][0],
			);
			return 'finished';
		} catch (error) {
			if (isRefusal(error)) observations.count('stream refusals');
			return 'broken';
		} finally {
			closing.removeEventListener('abort', leave);
			await stream.leave().catch(() => {});
		}
	}

	while ((await connectOnce(random.pick(serverNames))) === 'broken') {
		if (closing.aborted) return observations.violate('ended', 'a subscriber of many still waited');
		observations.count('broken connections');
		await sleep(random.whole(50, 800));
		observations.count('reconnects');
	}
}
