/** The upstreams that are emulated. */
export const doorNames = ['etherscan', 'sourcify', 'blockscout'] as const;

export type DoorName = (typeof doorNames)[number];
