import { z } from 'zod';
import { address } from './record.ts';

/** The kinds of proxies that upstreams tell apart, each by one name. */
export const proxyKinds = [
	'EIP1167',
	'EIP1822',
	'EIP1967',
	'EIP1967_BEACON',
	'EIP2535',
	'EIP7702',
	'ERC7760',
	'BASIC_GET_IMPLEMENTATION',
	'BASIC_IMPLEMENTATION',
	'CLONE_WITH_IMMUTABLE_ARGUMENTS',
	'COMPTROLLER',
	'FIXED',
	'RESOLVED_DELEGATE_PROXY',
	'SAFE',
	'SEQUENCE_WALLET',
	'ZEPPELIN_OS',
	'OTHER',
] as const;
export type ProxyKind = (typeof proxyKinds)[number];

/** A kind as stored: a later release may know more of them. */
export const proxyKind = z.string().nullable().default(null);

/** What upstreams say of a proxy that has no verified source of its own. */
export const proxy = z.object({
	/** Null where none says it. */
	kind: proxyKind,
	implementations: z.array(address),
});
export type ProxyFacts = z.output<typeof proxy>;

export function kindOf(stored: string | null): ProxyKind | null {
	if (stored === null) return null;
	return proxyKinds.find((kind) => kind === stored) ?? 'OTHER';
}
