import { hash, randomBytes } from 'node:crypto';

/** Who needs a key: nobody, whoever submits, or whoever asks for anything. */
export const accessModes = ['open', 'keys-for-submissions', 'keys-for-all'] as const;
export type AccessMode = (typeof accessModes)[number];

/** What a client may that was given a key. Null: as everybody else. */
export interface KeyLimits {
	requestsPerSecond: number | null;
	/** New contracts. */
	contractsPerHour: number | null;
	/** Contracts in its line. */
	mostInLine: number | null;
}

/** A key that was given to a client: its text is not kept, only its hash. */
export interface ApiKey extends KeyLimits {
	id: number;
	/** Whose it is, for people. */
	name: string;
	hash: string;
	createdAt: Date;
	revokedAt: Date | null;
}

/** A new key, to be shown once. */
export function newKey(): string {
	return `vf_${randomBytes(24).toString('base64url')}`;
}

/** As a key is stored: it has 192 random bits, so that no salt or slow hash is needed. */
export function hashKey(key: string): string {
	return hash('sha256', key, 'hex');
}
