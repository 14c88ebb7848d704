import type { Address } from '../../domain/address.ts';
import type { ContractKey } from '../../domain/contract.ts';
import type { Statement } from './insertion.ts';

/** The highest version that was removed, by bucket. */
export type Floors = Map<number, number>;

/** Addresses that begin alike share one number: few enough of them to be kept for good. */
export function bucketOf({ address }: { address: Address }): number {
	return Number.parseInt(address.slice(2, 6), 16);
}

/** Comes after the lock on a contract that may be removed at this moment: what removed it is committed then. */
export function selectFloors(keys: readonly ContractKey[]): Statement[] {
	if (keys.length === 0) return [];
	const buckets = [...new Set(keys.map(bucketOf))];
	const places = buckets.map(() => '?').join(', ');
	const sql = `select \`bucket\`, \`version\` from \`pruned_versions\` where \`bucket\` in (${places})`;
	return [{ sql, values: buckets }];
}

/** The rows of that select, as arrays. */
export function floorsOf(rows: readonly (readonly unknown[])[]): Floors {
	return new Map(rows.map(([bucket, version]) => [Number(bucket), Number(version)]));
}

export function floorOf(floors: Floors, key: ContractKey): number {
	return floors.get(bucketOf(key)) ?? 0;
}
