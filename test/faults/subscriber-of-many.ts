import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../../domain/status.ts';
import { watch, watchMany } from '../harness/client.ts';
import { hear } from './hearing.ts';
import type { Facts } from './ledger.ts';
import { type ServerName, serverNames } from './links.ts';
import { type Crowd, isRefusal } from './subscriber.ts';

/** Follows several contracts over one stream, which has no cursor: each connection begins with the newest. */
export async function followMany(many: readonly Facts[], crowd: Crowd): Promise<void> {
	const { ledger, dice, closing } = crowd;
	const byAddress = new Map(many.map((facts) => [facts.address, facts]));
	/** The newest version of each, over all connections. */
	const seen = new Map<string, number>();
	ledger.count('lives');

	async function connectOnce(server: ServerName): Promise<'finished' | 'broken'> {
		const addresses = [...byAddress.keys()];
		const here = new Map<string, number>();
		const open = new Set(addresses);
		const stream = watch('ws', crowd.url(server), watchMany, { addresses });
		const goHome = () => void stream.leave().catch(() => {});
		closing.addEventListener('abort', goHome, { once: true });
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
					ledger.offend('streams', what, address);
				}
				here.set(address, event.version);
				seen.set(address, event.version);
				const status = hear(event, facts, ledger, from);
				if (isFinal(status)) open.delete(address);
				else open.add(address);
			}
			if (open.size === 0 || closing.aborted) return 'finished';
			ledger.offend('streams', `many from ${server} ended with ${open.size} open`, [...open][0]);
			return 'finished';
		} catch (error) {
			if (isRefusal(error)) ledger.count('stream refusals');
			return 'broken';
		} finally {
			closing.removeEventListener('abort', goHome);
			await stream.leave().catch(() => {});
		}
	}

	while ((await connectOnce(dice.pick(serverNames))) === 'broken') {
		if (closing.aborted) return ledger.offend('ended', 'a subscriber of many still waited');
		ledger.count('breaks');
		await sleep(dice.whole(50, 800));
		ledger.count('comebacks');
	}
}
