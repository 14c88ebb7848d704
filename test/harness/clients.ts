import type { Config } from '../../platform/config.ts';
import { createClients } from '../../server/clients.ts';

/** Clients of a server that knows no key, and has nobody to share what they may with. */
export function clientsOf(config: Config) {
	const keys = { known: () => null, look: async () => null };
	return {
		clients: createClients(config, keys, async () => null),
	};
}
