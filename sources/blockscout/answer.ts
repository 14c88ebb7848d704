import type { FailureClass } from '../failure.ts';
import type { HttpAnswer } from '../http.ts';
import { isObject, type JsonObject, parseJson } from '../reading/values.ts';
import { classOfStatus, isBlockPage, type Refusal, sentenceIn } from '../refusal.ts';

/** The JSON about a contract, not looked into yet, or why there is none. */
type Reading = { contract: JsonObject } | { refusal: Refusal };

/** Of these each answer about a contract has one, in every version, verified or not. */
const marks = ['is_verified', 'deployed_bytecode', 'creation_bytecode'];

/** Reads an answer of `/smart-contracts/{address}`; never looks for words in the source it holds. */
export function readAnswer(answer: HttpAnswer): Reading {
	const json = parseJson(answer.body);
	const fine = answer.status >= 200 && answer.status < 300;
	if (fine && isObject(json) && marks.some((mark) => Object.hasOwn(json, mark))) {
		return { contract: json };
	}
	const error = isObject(json) ? errorIn(json) : null;
	return {
		refusal: {
			class:
				(error && classOfError(answer.status, error)) ??
				classOfCredits(answer) ??
				(isBlockPage(pageOf(answer.body)) ? 'BLOCKED' : null) ??
				classOfStatus(answer.status) ??
				remainder(error !== null),
			status: answer.status,
			retryAfter: answer.headers.get('retry-after') ?? secondsUntilReset(answer.headers),
			text: error?.text ?? '',
		},
	};
}

/** Every call costs credits of the day; a limit that is met while some are left is one of calls a second. */
function classOfCredits({ status, headers }: HttpAnswer): FailureClass | null {
	return status === 429 && headers.get('x-credits-remaining')?.trim() === '0'
		? 'DAILY_QUOTA'
		: null;
}

function errorIn(json: JsonObject): SaidError | null {
	const { error, message } = json;
	if (typeof error === 'string') return { pro: true, text: error };
	return typeof message === 'string' ? { pro: false, text: message } : null;
}

function pageOf(body: string): string {
	return body.trimStart().startsWith('<') ? body : '';
}

function remainder(hasWords: boolean): FailureClass {
	return hasWords ? 'UNKNOWN' : 'TRANSIENT';
}

/** x-ratelimit-reset counts milliseconds, -1 is for "not known", and more than a day is no wait. */
function secondsUntilReset(headers: HttpAnswer['headers']): string | null {
	const text = headers.get('x-ratelimit-reset')?.trim() ?? '';
	const ms = /^\d{1,8}$/.test(text) ? Number(text) : 0;
	return ms > 0 ? String(Math.ceil(ms / 1000)) : null;
}

/** What an error object says; `pro` for those of the PRO interface itself, which have `error`. */
interface SaidError {
	pro: boolean;
	text: string;
}

/** The class of an error that is known, or null. */
function classOfError(status: number, { pro, text }: SaidError): FailureClass | null {
	// Behind a status of the server's own trouble no word about the contract counts.
	if (status >= 500) return null;
	if (status === 402 || /out of credits/i.test(text)) return 'DAILY_QUOTA';
	if (/api ?key/i.test(text) && /invalid|missing|required/i.test(text)) return 'INVALID_KEY';
	if (status === 404) return classOfMissing(pro, text);
	if (status === 422 || status === 400) return 'BAD_REQUEST';
	return null;
}

function classOfMissing(pro: boolean, text: string): FailureClass | null {
	if (/^network not supported$/i.test(sentenceIn(text))) return 'CHAIN';
	if (!/^not found$/i.test(sentenceIn(text))) return null;
	// An instance looks the address up among those with code: this one has none, so nothing is verified.
	// The PRO interface speaks of its own paths instead.
	return pro ? 'BAD_REQUEST' : 'UNVERIFIED';
}
