import { createHash } from 'node:crypto';

export interface ApiKey {
	account: string;
	key: string;
}

/** Keys whose calls an upstream counts together. */
export interface Account {
	/** Holds no key: fit for logs and for names in Redis. */
	name: string;
	/** Null: calls carry no key. */
	keys: readonly { id: string; secret: string | null }[];
}

/** No keys: one account without. */
export function accountsOf(upstream: string, keys: readonly ApiKey[]): Account[] {
	if (keys.length === 0) return [{ name: upstream, keys: [{ id: upstream, secret: null }] }];
	return [...Map.groupBy(keys, ({ account }) => account)].map(([account, list]) => ({
		name: `${upstream}:${account}`,
		keys: list.map(({ key }) => ({ id: `${upstream}:${account}:${idOf(key)}`, secret: key })),
	}));
}

function idOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex').slice(0, 12);
}
