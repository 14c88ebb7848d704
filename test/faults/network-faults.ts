import type { Dice } from './dice.ts';
import type { Blow, Fault } from './fault.ts';
import { type Link, type Links, serviceNames } from './links.ts';
import type { Weather } from './relay.ts';
import type { Stage } from './stage.ts';

/** Breaks some links the same way. A silent network may come back as if nothing was, or with nobody knowing us. */
function blow(
	links: Links,
	hit: readonly Link[],
	what: string,
	weather: Weather,
	dice: Dice,
): Blow {
	const forgets = weather.kind === 'black-hole' && dice.chance(0.5);
	const how = weather.kind === 'delay' ? `, ${weather.ms} ms` : forgets ? ', then reset' : '';
	return {
		on: hit.map(({ name }) => name),
		text: `${what}${how}`,
		lastsMs: dice.whole(1_500, 8_000),
		async strike() {
			await links.set(hit, weather);
			return async () => {
				if (forgets) for (const { proxy } of hit) proxy.reset();
				await links.set(hit, { kind: 'open' });
			};
		},
	};
}

const weathers = {
	cut: () => ({ kind: 'cut' }),
	delay: (dice: Dice) => ({ kind: 'delay', ms: dice.whole(20, 400) }),
	'half-close': () => ({ kind: 'half-close' }),
	'black-hole': () => ({ kind: 'black-hole' }),
} satisfies Record<string, (dice: Dice) => Weather>;

/** The network between any two. */
function ofLink(name: keyof typeof weathers, weight: number): Fault {
	return {
		name: `link-${name}`,
		weight,
		aim(dice, { links }: Stage) {
			const link = dice.pick(links.all);
			return blow(links, [link], link.name, weathers[name](dice), dice);
		},
	};
}

/** The network of one service, to everybody at once. */
function ofService(name: keyof typeof weathers, weight: number): Fault {
	return {
		name: `service-${name}`,
		weight,
		aim(dice, { links }: Stage) {
			const to = dice.pick(serviceNames);
			const hit = links.all.filter((link) => link.to === to);
			return blow(links, hit, `every link of ${to}`, weathers[name](dice), dice);
		},
	};
}

/** What happens between the parts of the system, and between clients and servers. */
export const networkFaults: readonly Fault[] = [
	ofLink('cut', 3),
	ofLink('delay', 2),
	ofLink('half-close', 1),
	ofLink('black-hole', 3),
	ofService('cut', 1),
	ofService('delay', 1),
	ofService('black-hole', 1),
];
