/** Where Redis keeps what is known of the accounts and keys of upstreams. */
export const nextPrefix = 'upstream:next';
export const dayPrefix = 'upstream:day';

/** The next free moment of an account, in milliseconds of Redis' clock. */
export function momentName(account: string): string {
	return `${nextPrefix}:${account}`;
}

/** The part after the prefix: an account's calls of one UTC day. */
export function accountDay(account: string, now: Date): string {
	return `${account}:${now.toISOString().slice(0, 10)}`;
}

export function restName(accountOrKey: string): string {
	return `upstream:rests:${accountOrKey}`;
}

/** Stands where a rest did that a person has ended: each process forgets what it learnt itself. */
export const awake = 'awake';
