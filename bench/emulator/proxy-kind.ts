/** What the two upstreams that name the kind of a proxy call those of the catalogue, by contract name. */
export const proxyTypes: Readonly<
	Record<string, { readonly sourcify: string; readonly blockscout: string }>
> = {
	TransparentUpgradeableProxy: { sourcify: 'EIP1967Proxy', blockscout: 'eip1967' },
	BeaconProxy: { sourcify: 'EIP1967Proxy', blockscout: 'eip1967_beacon' },
};
