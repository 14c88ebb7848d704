import type { Address } from '../../domain/address.ts';
import type { ProxyFacts, ProxyKind } from '../../domain/proxy.ts';
import { wordOrNull } from './settings.ts';
import { otherAddresses } from './values.ts';

/** The words of Sourcify and of Blockscout, in lower case. */
const kinds: ReadonlyMap<string, ProxyKind> = new Map<string, ProxyKind>([
	['eip1167proxy', 'EIP1167'],
	['eip1967proxy', 'EIP1967'],
	['diamondproxy', 'EIP2535'],
	['proxiableproxy', 'EIP1822'],
	['gnosissafeproxy', 'SAFE'],
	['safeproxy', 'SAFE'],
	['zeppelinosproxy', 'ZEPPELIN_OS'],
	['sequencewalletproxy', 'SEQUENCE_WALLET'],
	['fixedproxy', 'FIXED'],
	['eip7702proxy', 'EIP7702'],
	['eip1167', 'EIP1167'],
	['minimal_proxy', 'EIP1167'],
	['eip1822', 'EIP1822'],
	['eip1967', 'EIP1967'],
	['eip1967_beacon', 'EIP1967_BEACON'],
	// OpenZeppelin's slot from before the standard.
	['eip1967_oz', 'ZEPPELIN_OS'],
	['eip2535', 'EIP2535'],
	['eip7702', 'EIP7702'],
	['erc7760', 'ERC7760'],
	['master_copy', 'SAFE'],
	['basic_implementation', 'BASIC_IMPLEMENTATION'],
	['basic_get_implementation', 'BASIC_GET_IMPLEMENTATION'],
	['clone_with_immutable_arguments', 'CLONE_WITH_IMMUTABLE_ARGUMENTS'],
	['comptroller', 'COMPTROLLER'],
	['resolved_delegate_proxy', 'RESOLVED_DELEGATE_PROXY'],
]);

/** The kind of a proxy by the word of an upstream; null where it says none. */
export function proxyKindOf(word: unknown): ProxyKind | null {
	const text = typeof word === 'string' ? wordOrNull(word) : null;
	return text === null ? null : (kinds.get(text.toLowerCase()) ?? 'OTHER');
}

/** More than any proxy has; what is kept of one without a source has no other bound. */
const mostImplementations = 1_000;

/** What a contract without a source leads to, as an upstream says or as its code does; null where that is nothing. */
export function proxyWithout(
	kind: ProxyKind | null,
	implementations: readonly Address[],
	code: unknown,
	self: Address,
): ProxyFacts | null {
	if (implementations.length > 0) {
		return { kind, implementations: implementations.slice(0, mostImplementations) };
	}
	const read = proxyOfCode(code, self);
	return read ?? (kind === null ? null : { kind, implementations: [] });
}

/** Code that names another contract at a fixed place, and is nothing else. */
const codes: readonly [ProxyKind, RegExp][] = [
	['EIP7702', /^0xef0100([0-9a-f]{40})$/i],
	['EIP1167', /^0x363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3/i],
];

function proxyOfCode(code: unknown, self: Address): ProxyFacts | null {
	if (typeof code !== 'string') return null;
	for (const [kind, form] of codes) {
		const found = form.exec(code)?.[1];
		const implementations = otherAddresses([`0x${found}`], self);
		if (implementations.length > 0) return { kind, implementations };
	}
	return null;
}
