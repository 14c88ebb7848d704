/**
 * Follows one contract from its first event on, until the server says that it is finished, whatever
 * happens to connections and servers in between.
 */
export type FollowContract = (
	url: string,
	address: string,
	seen: (version: number) => void,
) => Promise<void>;

export const watchContract = `subscription Watch($address: Address!, $afterVersion: Int) {
	contractStatus(address: $address, afterVersion: $afterVersion) { version status }
}`;

export interface Watched {
	contractStatus: { version: number; status: string };
}
