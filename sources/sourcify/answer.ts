import { addressOrNull } from '../../domain/address.ts';
import type { ContractKey } from '../../domain/contract.ts';
import type { FailureClass } from '../failure.ts';
import type { HttpAnswer } from '../http.ts';
import { isObject, type JsonObject, parseJson } from '../reading/values.ts';
import { classOfStatus, isBlockPage, type Refusal } from '../refusal.ts';

/** The contract that an answer brings, not looked into yet, or why it brings none. */
type Reading = { contract: JsonObject } | { refusal: Refusal };

const maxText = 1000;

/** Reads an answer of `GET /v2/contract/{chainId}/{address}`; no word in a source counts. */
export function readAnswer(answer: HttpAnswer, key: ContractKey): Reading {
	const json = parseJson(answer.body);
	const fine = classOfStatus(answer.status) === null;
	if (fine && isObject(json) && 'match' in json && !isOfAnother(json, key)) {
		return { contract: json };
	}
	return {
		refusal: {
			class: classOf(json, answer, key),
			status: answer.status,
			retryAfter: answer.headers.get('retry-after'),
			text: textOf(json, answer.body),
		},
	};
}

function classOf(json: unknown, answer: HttpAnswer, key: ContractKey): FailureClass {
	const { status, body } = answer;
	if (isObject(json)) {
		if (isOfAnother(json, key)) return 'TRANSIENT';
		if (status === 404 && saysUnverified(json)) return 'UNVERIFIED';
		const { customCode } = json;
		const name = typeof customCode === 'string' ? classOfCode(customCode) : null;
		// A server that fails knows nothing about the contract or the request.
		if (name !== null && (status < 500 || name === 'RATE_LIMIT')) return name;
	}
	if (body.trimStart().startsWith('<') && isBlockPage(body)) return 'BLOCKED';
	// There is no key that could be wrong.
	return status === 401 ? 'BLOCKED' : (classOfStatus(status) ?? 'TRANSIENT');
}

/** The form of a contract in which all is null; any other 404 says nothing about the contract. */
function saysUnverified(json: JsonObject): boolean {
	const { chainId: _chainId, address: _address, ...rest } = json;
	return 'match' in json && Object.values(rest).every((value) => value === null);
}

/** Whether an answer says that it is about another contract, as a cache in between may mix them up. */
function isOfAnother({ chainId, address }: JsonObject, key: ContractKey): boolean {
	const chainIds: unknown[] = [undefined, null, key.chainId, String(key.chainId)];
	if (!chainIds.includes(chainId)) return true;
	if (address === undefined || address === null) return false;
	return typeof address !== 'string' || addressOrNull(address) !== key.address;
}

function textOf(json: unknown, body: string): string {
	if (isObject(json)) {
		const texts = [json['customCode'], json['message'] ?? json['error']];
		return texts
			.filter((part) => typeof part === 'string')
			.join(': ')
			.slice(0, maxText);
	}
	const start = body.slice(0, maxText);
	return json === undefined && !/^\s*[<{["]/.test(start) ? start : '';
}

/** The error codes of Sourcify's API v2, those of its verification among them. */
const codes: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
	['unsupported_chain', 'CHAIN'],
	['invalid_parameter', 'BAD_REQUEST'],
	['invalid_json', 'BAD_REQUEST'],
	['route_not_found', 'BAD_REQUEST'],
	['job_not_found', 'BAD_REQUEST'],
	['too_many_requests', 'RATE_LIMIT'],
	['internal_error', 'TRANSIENT'],
	['duplicate_verification_request', 'TRANSIENT'],
	['proxy_resolution_error', 'TRANSIENT'],
	['failed_to_get_bytecode', 'TRANSIENT'],
	['cannot_fetch_bytecode', 'TRANSIENT'],
	// Sourcify's own trouble with Etherscan; it says nothing of our calls, nor of what Sourcify holds.
	['etherscan_limit', 'TRANSIENT'],
	['etherscan_request_failed', 'TRANSIENT'],
	['malformed_etherscan_response', 'TRANSIENT'],
	['not_etherscan_verified', 'UNKNOWN'],
	['already_verified', 'UNKNOWN'],
]);

/** The class of a `customCode`, or null for one that is not known. */
function classOfCode(code: string): FailureClass | null {
	return codes.get(code.trim().toLowerCase()) ?? null;
}
