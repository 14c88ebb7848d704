import { createHash } from 'node:crypto';

/** Keys whose calls an upstream counts together. */
export interface Account {
	/** Holds no key: fit for logs and for names in Redis. */
	name: string;
	/** Null: calls carry no key. */
	keys: readonly { id: string; secret: string | null }[];
}

/**
 * Reads `KEY,KEY` or `account:KEY,account:KEY`. Keys without a name are taken for one account's: limits
 * add up over all keys of an account, so more keys do not give more calls. No keys: one account without.
 */
export function accountsOf(upstream: string, keys: readonly string[]): Account[] {
	if (keys.length === 0) return [{ name: upstream, keys: [{ id: upstream, secret: null }] }];
	const named = keys.map((text) => {
		const [, name, secret] = /^([\w-]{1,40}):(.+)$/s.exec(text) ?? [];
		return { name: name ?? 'main', secret: secret ?? text };
	});
	return [...Map.groupBy(named, ({ name }) => name)].map(([name, list]) => ({
		name: `${upstream}:${name}`,
		keys: list.map(({ secret }) => ({ id: `${upstream}:${idOf(secret)}`, secret })),
	}));
}

/** The secrets alone, for those who have to keep them out of texts. */
export function secretsIn(keys: readonly string[]): string[] {
	return accountsOf('', keys).flatMap((account) =>
		account.keys.flatMap(({ secret }) => (secret === null ? [] : [secret])),
	);
}

function idOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex').slice(0, 12);
}
