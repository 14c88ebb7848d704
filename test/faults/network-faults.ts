import type { Fault, FaultKind } from './fault.ts';
import { type Link, type Links, serviceNames } from './links.ts';
import type { ProxiedSystem } from './proxied-system.ts';
import type { Random } from './random.ts';
import type { LinkState } from './relay.ts';

/** Breaks some links the same way. A silent network may come back as if nothing was, or with nobody knowing us. */
function planned(
	links: Links,
	hit: readonly Link[],
	what: string,
	state: LinkState,
	random: Random,
): Fault {
	const forgets = state.kind === 'black-hole' && random.chance(0.5);
	const how = state.kind === 'delay' ? `, ${state.ms} ms` : forgets ? ', then reset' : '';
	return {
		on: hit.map(({ name }) => name),
		text: `${what}${how}`,
		lastsMs: random.whole(1_500, 8_000),
		async inject() {
			await links.set(hit, state);
			return async () => {
				if (forgets) for (const { proxy } of hit) proxy.reset();
				await links.set(hit, { kind: 'open' });
			};
		},
	};
}

const states = {
	cut: () => ({ kind: 'cut' }),
	delay: (random: Random) => ({ kind: 'delay', ms: random.whole(20, 400) }),
	'half-close': () => ({ kind: 'half-close' }),
	'black-hole': () => ({ kind: 'black-hole' }),
} satisfies Record<string, (random: Random) => LinkState>;

/** The network between any two. */
function ofLink(name: keyof typeof states, weight: number): FaultKind {
	return {
		name: `link-${name}`,
		weight,
		plan(random, { links }: ProxiedSystem) {
			const link = random.pick(links.all);
			return planned(links, [link], link.name, states[name](random), random);
		},
	};
}

/** The network of one service, for all at once. */
function ofService(name: keyof typeof states, weight: number): FaultKind {
	return {
		name: `service-${name}`,
		weight,
		plan(random, { links }: ProxiedSystem) {
			const to = random.pick(serviceNames);
			const hit = links.all.filter((link) => link.to === to);
			return planned(links, hit, `every link of ${to}`, states[name](random), random);
		},
	};
}

/** What happens between the parts of the system, and between clients and servers. */
export const networkFaults: readonly FaultKind[] = [
	ofLink('cut', 3),
	ofLink('delay', 2),
	ofLink('half-close', 1),
	ofLink('black-hole', 3),
	ofService('cut', 1),
	ofService('delay', 1),
	ofService('black-hole', 1),
];
