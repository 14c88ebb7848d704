import type { ContractKey } from '../../domain/contract.ts';
import type { FetchedSource } from '../../domain/source.ts';
import { upstreams } from '../../domain/upstreams.ts';
import { call, type SourceClient } from '../../sources/call.ts';
import type { HttpAnswer, HttpLimits } from '../../sources/http.ts';

export interface AskingClient extends SourceClient {
	/** One call, as an upstream makes it, without a turn. */
	ask(key: ContractKey, apiKey: string | null, signal: AbortSignal): Promise<FetchedSource>;
}

export function withAsk(client: SourceClient, limits: HttpLimits): AskingClient {
	const { provider: upstream } = upstreams[client.name];
	return {
		...client,
		async ask(key, apiKey, signal) {
			const url = client.url(key, apiKey);
			const read = (answer: HttpAnswer) => client.read(answer, key);
			return call({ upstream, endpoint: 'source', url, limits, read }, () => {}, signal);
		},
	};
}
