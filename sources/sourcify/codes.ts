import type { FailureClass } from '../failure.ts';

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
export function classOfCode(code: string): FailureClass | null {
	return codes.get(code) ?? null;
}
