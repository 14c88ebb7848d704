import { hash } from 'node:crypto';
import type { AccessMode, ApiKey, KeyLimits } from '../domain/api-key.ts';
import { DomainError, rateLimited } from '../domain/errors.ts';
import type { Asker } from '../domain/line.ts';
import type { Take } from '../platform/redis/allowance.ts';

/** What all clients may, where their keys say nothing else. */
export type ClientLimits = { [name in keyof KeyLimits]: number };

/** So many new contracts at once, and again so many in a minute, go ahead of those who ask for many. */
const few = 20;
const fewMs = 60_000;

/** Who asks: the holder of a key, or whoever comes from one address. */
export class Client implements Asker {
	/** `key:7`, or `ip:192.0.2.1`. */
	readonly name: string;
	readonly key: ApiKey | null;
	readonly #requestsPerSecond: number;
	/** As the IETF's draft of RateLimit headers has it. */
	readonly policy: string;
	readonly mostInLine: number;
	readonly line: number;
	readonly #contractsPerHour: number;
	readonly #access: AccessMode;
	readonly #take: Take;
	/** Taken from what all servers share, and not spent. */
	#taken = 0;
	#requestsLeft = 0;
	#secondEndsAt = 0;
	#few = few;
	#fewAt = performance.now();

	constructor(
		name: string,
		key: ApiKey | null,
		limits: ClientLimits,
		{ access, take }: { access: AccessMode; take: Take },
	) {
		this.name = name;
		this.key = key;
		this.#requestsPerSecond = key?.requestsPerSecond ?? limits.requestsPerSecond;
		this.policy = `"requests";q=${this.#requestsPerSecond};w=1`;
		this.mostInLine = key?.mostInLine ?? limits.mostInLine;
		this.#contractsPerHour = key?.contractsPerHour ?? limits.contractsPerHour;
		this.line = Number.parseInt(hash('sha256', name, 'hex').slice(0, 8), 16);
		this.#access = access;
		this.#take = take;
	}

	/** Counts a request, in this process; how many more this second has room for, below 0 for one too many. */
	countRequest(): number {
		const now = performance.now();
		if (now >= this.#secondEndsAt) {
			this.#secondEndsAt = now + 1_000;
			this.#requestsLeft = this.#requestsPerSecond;
		}
		if (this.#requestsLeft >= 0) this.#requestsLeft -= 1;
		return this.#requestsLeft;
	}

	/** Taken by the hundredth part of a minute's, so that not each submission asks Redis. */
	async charge(contracts: number): Promise<void> {
		if (this.#access !== 'open' && !this.key) throw needsKey();
		if (this.#taken < contracts) {
			const portion = Math.max(contracts, Math.floor(this.#contractsPerHour / 6_000));
			const inSeconds = await this.#take(this.name, portion, this.#contractsPerHour);
			if (inSeconds !== null) throw this.#tooMany(contracts, inSeconds);
			this.#taken += portion;
		}
		this.#taken -= contracts;
	}

	refund(contracts: number): void {
		this.#taken += contracts;
	}

	#tooMany(contracts: number, inSeconds: number): DomainError {
		const most = this.#contractsPerHour;
		return rateLimited(
			contracts > most
				? `You may submit ${most} new contracts in an hour; ask for fewer at once.`
				: `You may submit ${most} new contracts in an hour, and have; go on in ${inSeconds} seconds.`,
			inSeconds,
		);
	}

	ahead(): number {
		if (this.#access !== 'open' && !this.key) return 0;
		const now = performance.now();
		this.#few = Math.min(few, this.#few + ((now - this.#fewAt) * few) / fewMs);
		this.#fewAt = now;
		return Math.floor(this.#few);
	}

	goesAhead(): boolean {
		if (this.ahead() < 1) return false;
		this.#few -= 1;
		return true;
	}
}

export function needsKey(): DomainError {
	return new DomainError(
		'UNAUTHENTICATED',
		'An API key is needed: send it as "Authorization: Bearer KEY", or in the header x-api-key.',
	);
}
