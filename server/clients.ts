import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { type ApiKey, hashKey } from '../domain/api-key.ts';
import type { Config } from '../platform/config.ts';
import type { Take } from '../platform/redis/allowance.ts';
import { Client } from './client.ts';
import { type Addresses, createAddresses, networkOf } from './client-address.ts';
import { type KeyDirectory, keyIn } from './key-directory.ts';

export interface Clients extends Pick<Addresses, 'isProxy'> {
	/** By its key where it sends one, else by its address; null: the key is none of ours. */
	of(request: IncomingMessage): Client | Promise<Client | null>;
	/** By its address alone. */
	at(request: IncomingMessage): Client;
	/** As its key is now; null: it was revoked. */
	now(client: Client): Client | null;
	/** The holder of a key; null: it is none of ours. */
	holding(key: string): Client | null | Promise<Client | null>;
}

/** Clients that are remembered, of a few hundred bytes each. */
const most = { max: 20_000 };

export function createClients(config: Config, keys: KeyDirectory, take: Take): Clients {
	const addresses = createAddresses(config.TRUSTED_PROXIES);
	const byAddress = new LRUCache<string, Client>(most);
	const byNetwork = new LRUCache<string, Client>(most);
	const byKey = new LRUCache<ApiKey, Client>(most);
	const limits = {
		requestsPerSecond: config.REQUESTS_PER_SECOND_PER_CLIENT,
		contractsPerHour: config.CONTRACTS_PER_HOUR_PER_CLIENT,
		mostInLine: config.MAX_WAITING_PER_CLIENT,
	};
	const rules = { access: config.ACCESS, take };

	function at(request: IncomingMessage): Client {
		const address = addresses.of(request);
		const before = byAddress.get(address);
		if (before) return before;
		const network = networkOf(address);
		const client = byNetwork.get(network) ?? new Client(`ip:${network}`, null, limits, rules);
		byNetwork.set(network, client);
		byAddress.set(address, client);
		return client;
	}

	function holderOf(key: ApiKey | null): Client | null {
		if (!key) return null;
		// The same object until the keys are read again.
		const client = byKey.get(key) ?? new Client(`key:${key.id}`, key, limits, rules);
		byKey.set(key, client);
		return client;
	}

	function holding(text: string): Client | null | Promise<Client | null> {
		const hash = hashKey(text);
		const known = keys.known(hash);
		return known === undefined ? keys.look(hash).then(holderOf) : holderOf(known);
	}

	/** To look for a key costs a query: who makes up keys is counted by its address before, and found too fast after. */
	function mayLook(text: string, request: IncomingMessage): boolean {
		return keys.known(hashKey(text)) !== undefined || at(request).countRequest() >= 0;
	}

	return {
		at,
		now: (client) => (client.key ? holderOf(keys.known(client.key.hash) ?? null) : client),
		isProxy: addresses.isProxy,
		holding,
		of(request) {
			const key = keyIn(request.headers);
			if (key === null || !mayLook(key, request)) return at(request);
			// As a promise in any case: only who sends a key waits for it.
			return Promise.resolve(holding(key));
		},
	};
}
