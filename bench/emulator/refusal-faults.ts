import { unverifiedItem } from '../../sources/etherscan/format.ts';
import {
	noNetwork,
	outOfCredits,
	proError,
	restMessage,
	rpcError,
	tooManyRequests,
} from './blockscout/errors.ts';
import { unverifiedContract } from './blockscout/form.ts';
import {
	communityRefusal,
	dailyRefusal,
	notOk,
	ok,
	rateRefusal,
	refusals,
} from './etherscan/refusals.ts';
import { changed, type FaultRow } from './fault-row.ts';
import { json, send } from './reply.ts';
import { sourcifyError, sourcifyErrors } from './sourcify/errors.ts';
import { notMatched } from './sourcify/form.ts';

/** What the upstreams say themselves when they do not give a contract, each in its own words. */
export const refusalFaults = {
	'rate-limit': {
		etherscan: notOk(rateRefusal(3)),
		sourcify: sourcifyErrors.tooManyRequests(),
		blockscout: tooManyRequests(5),
	},
	'rate-limit-5': { etherscan: notOk(rateRefusal(5)) },
	'rate-limit-plain': { etherscan: notOk(refusals.rate) },
	'rate-limit-keyless': { etherscan: notOk(refusals.rateWithoutKey) },
	'daily-quota': {
		etherscan: notOk(dailyRefusal(110_000, 100_000)),
		blockscout: outOfCredits(),
	},
	'daily-quota-community': {
		etherscan: ({ response }) => send(response, notOk(communityRefusal(new Date()))),
	},
	'missing-key': {
		etherscan: notOk(refusals.noKey),
		blockscout: proError(401, 'Unauthorized', 'internal'),
	},
	'invalid-key': {
		etherscan: notOk(refusals.badKey),
		blockscout: proError(401, 'Unauthorized', 'internal'),
	},
	'invalid-key-plain': { etherscan: notOk(refusals.badKeyPlain) },
	'invalid-key-polygon': { etherscan: notOk(refusals.badKeyPolygon) },
	'echo-key': {
		etherscan: ({ request, response }) =>
			send(response, notOk(`Error! Invalid call ${request.url}`)),
	},
	'key-attempts': { etherscan: notOk(refusals.keyAttempts) },
	plan: { etherscan: notOk(refusals.plan) },
	'plan-pro': { etherscan: notOk(refusals.planPro) },
	chain: {
		etherscan: notOk(refusals.chain),
		sourcify: ({ response, target }) =>
			send(response, sourcifyErrors.unsupportedChain(target.chainId)),
		blockscout: noNetwork(),
	},
	'chain-plain': { etherscan: notOk(refusals.chainlist) },
	'chain-number': { etherscan: notOk(refusals.chainNumber) },
	// Its documentation says 400, its code 404.
	'chain-404': {
		sourcify: ({ response, target }) =>
			send(response, { ...sourcifyErrors.unsupportedChain(target.chainId), status: 404 }),
	},
	'v1-dead': { etherscan: notOk(refusals.deprecated) },
	'bad-address': {
		etherscan: notOk(refusals.address),
		sourcify: ({ response, target }) => send(response, sourcifyErrors.address(target.address)),
		blockscout: restMessage(422, 'Invalid parameter(s)'),
	},
	'bad-address-plain': { etherscan: notOk(refusals.addressPlain) },
	'bad-module': { etherscan: notOk(refusals.module) },
	'bad-action': { etherscan: notOk(refusals.action) },
	'invalid-parameter': { sourcify: sourcifyErrors.fieldsAndOmit() },
	'route-not-found': {
		sourcify: sourcifyErrors.route(),
		blockscout: proError(404, 'Not found', 'internal'),
	},
	restricted: { blockscout: restMessage(403, 'Restricted access') },
	unverified: {
		etherscan: ok([unverifiedItem]),
		sourcify: ({ response, target }) => send(response, json(notMatched(target), 404)),
		blockscout: restMessage(404, 'Not found'),
	},
	'unverified-notok': { etherscan: notOk(refusals.notVerified) },
	'unverified-contract': { blockscout: json(unverifiedContract) },
	'unverified-twin': {
		blockscout: changed(() => ({
			is_verified: false,
			is_fully_verified: false,
			verified_twin_address_hash: '0x00000000000000000000000000000000000000AA',
		})),
	},
	'proxy-error': {
		sourcify: changed(() => ({
			proxyResolution: {
				proxyResolutionError: sourcifyError(
					'proxy_resolution_error',
					'Error while running proxy detection and implementation resolution',
				),
			},
		})),
	},
	timeout: { etherscan: notOk(refusals.timeout) },
	busy: { etherscan: notOk(refusals.busy) },
	'something-wrong': {
		etherscan: notOk(refusals.somethingWrong),
		blockscout: rpcError(refusals.somethingWrong),
	},
	'internal-error': {
		sourcify: sourcifyErrors.internal(),
		blockscout: proError(500, 'Internal server error', 'internal'),
	},
	'pro-502': { blockscout: proError(502, 'Bad gateway', 'upstream') },
	'pro-503': { blockscout: proError(503, 'Service unavailable', 'upstream') },
	'pro-504': { blockscout: proError(504, 'Gateway timeout', 'upstream') },
	'rpc-no-address': { blockscout: rpcError('Query parameter address is required') },
	'rpc-bad-address': { blockscout: rpcError('Invalid address hash') },
	'rpc-pending': { blockscout: json({ status: '2', message: 'OK', result: null }) },
	'rpc-unverified': {
		blockscout: ({ response, target }) => send(response, ok([{ Address: target.address }])),
	},
	unknown: {
		etherscan: notOk(refusals.unknown),
		sourcify: json(sourcifyError('unheard_of', 'Something unheard of happened'), 400),
		blockscout: restMessage(400, 'Something unheard of happened'),
	},
	'message-429': { etherscan: json({ message: '429 Too Many Requests' }) },
	'null-result': { etherscan: notOk(null), blockscout: rpcError('') },
	'blank-result': { etherscan: notOk('') },
	'empty-result': { etherscan: ok([]), blockscout: ok([]) },
	'odd-ok': {
		etherscan: changed(() => ({
			message: 'OK-Missing/Invalid API Key, rate limit of 1/5sec applied',
		})),
	},
} satisfies Record<string, FaultRow>;
