import { createHash } from 'node:crypto';

/** How each address begins that the emulator has verified. */
export const verifiedPrefix = '0x57e55';

export const kinds = ['submit', 'contract', 'cachedContract', 'subscription', 'test'] as const;
export type Kind = (typeof kinds)[number];

/** Operations a second, of all clients together. */
export type Rates = Readonly<Record<Kind, number>>;

/** Which of how many clients. */
export interface Seat {
	client: number;
	clients: number;
}

export interface Due {
	kind: Kind;
	/** Counted over all clients. */
	n: number;
	/** Seconds since the start. */
	at: number;
}

/** As many reads of each kind as submissions, some tens of subscriptions a second, and a few test operations. */
export function ratesOf(rate: number): Rates {
	return {
		submit: rate,
		// As many reads as submissions: half of them straight from the database, half through the cache.
		contract: rate / 2,
		cachedContract: rate / 2,
		subscription: Math.min(30, rate / 2),
		test: Math.min(6, rate / 5),
	};
}

/** What is due in a run, from all clients. */
export function offered(rates: Rates, seconds: number, kind: Kind): number {
	return Math.round(rates[kind] * seconds);
}

/** What one client has to do, in order: each kind at an even pace, dealt out to the clients in turn. */
export function* schedule(
	rates: Rates,
	seconds: number,
	{ client, clients }: Seat,
): Generator<Due> {
	const next = kinds.map((kind, index) => ({
		kind,
		n: client,
		total: offered(rates, seconds, kind),
		// Kinds of one rate are not due at the same moments.
		at: (n: number) => (n + index / kinds.length) / rates[kind],
	}));
	for (;;) {
		const left = next.filter(({ n, total }) => n < total);
		const [first, ...others] = left;
		if (!first) return;
		const soonest = others.reduce((a, b) => (b.at(b.n) < a.at(a.n) ? b : a), first);
		yield { kind: soonest.kind, n: soonest.n, at: soonest.at(soonest.n) };
		soonest.n += clients;
	}
}

/** An address that the emulator has verified; spread as real ones are, and the same for the same names. */
export function addressOf(group: 'hot' | 'new', n: number): string {
	const hash = createHash('sha1').update(`${group} ${n}`).digest('hex');
	return `${verifiedPrefix}${hash}`.slice(0, 42);
}

/** Contracts that are finished before a run, and read in it. */
export const hotAddresses = Array.from({ length: 100 }, (_, n) => addressOf('hot', n));
