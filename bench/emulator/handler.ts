import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answer, refuseChain } from './answer.ts';
import type { Behaviour } from './behaviour.ts';
import { type Call, readCall } from './call.ts';
import { contractKey } from './catalogue.ts';
import { chainList } from './chains.ts';
import { notOk } from './envelope.ts';
import { drawFault } from './faults.ts';
import { createKeyGuard } from './keys.ts';
import type { Library } from './library.ts';
import type { createScript } from './script.ts';
import { send, spoil } from './spoil.ts';
import type { Tally } from './tally.ts';
import { uniform } from './uniform.ts';

interface HandlerParts {
	behaviour: Behaviour;
	library: Library;
	script: ReturnType<typeof createScript>;
	tally: Tally;
	stopped: AbortSignal;
}

/** Serves each call in Etherscan's order: chain, key and limits, then the contract. */
export function createHandler(parts: HandlerParts): RequestListener {
	const { behaviour, library, script, tally, stopped } = parts;
	const { faults = {}, seed = '', slowness = 5_000 } = behaviour;
	const refuseKey = createKeyGuard(behaviour, () => performance.now());

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const call = await readCall(request);
		if (call.path === '/v2/chainlist') {
			send(response, { body: chainList(`http://${request.headers.host}/v2/api`) });
			return;
		}
		const key = contractKey(call.chainId, call.address);
		tally.record(key);
		const nth = tally.calls(key);
		const refused = refuse(call);
		const wait = milliseconds(behaviour.latency, uniform(`${seed} latency ${key} ${nth}`));
		const waited = delay(wait, undefined, { signal: stopped });
		if (refused) {
			await waited;
			send(response, refused);
			return;
		}
		const fault = script.nextInjection(key) ?? drawFault(faults, seed, key, nth);
		const [reply] = await Promise.all([answer(call, library), waited, script.pass(key)]);
		if (typeof fault === 'object') send(response, fault);
		else if (fault) await spoil(fault, reply, response, slowness, stopped);
		else send(response, reply);
	}

	function refuse(call: Call) {
		const chain = refuseChain(call);
		if (chain) return chain;
		const text = refuseKey(call);
		return text === undefined ? undefined : notOk(text);
	}

	return (request, response) => {
		serve(request, response).catch((error: unknown) => {
			if (stopped.aborted || response.destroyed) return;
			console.error(error);
			send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: 'emulator' });
		});
	};
}

function milliseconds(latency: Behaviour['latency'], draw: number): number {
	if (latency === undefined) return 0;
	if (typeof latency === 'number') return latency;
	const [min, max] = latency;
	return min + draw * (max - min);
}
