import type { FailureClass } from '../failure.ts';
import type { HttpAnswer } from '../http.ts';
import { isObject, parseJson } from '../reading/values.ts';
import { classOfStatus, isBlockPage, type Refusal, sentenceIn } from '../refusal.ts';

/** The item that an answer brings, not looked into yet, or why it brings none. */
type Reading = { item: unknown } | { refusal: Refusal };

type Body =
	| { kind: 'envelope'; result: unknown; message: unknown; pending: boolean }
	| { kind: 'page'; html: string }
	| { kind: 'text'; text: string }
	/** JSON cut short, or JSON of another form: it may hold source, so no word in it counts. */
	| { kind: 'unreadable' };

/** Reads the envelope of Etherscan, V1 or V2; never looks for words in the source it holds. */
export function readAnswer(answer: HttpAnswer): Reading {
	const body = bodyOf(answer.body);
	const fine = answer.status >= 200 && answer.status < 300;
	if (fine && body.kind === 'envelope' && !body.pending) {
		if (isObject(body.result)) return { item: body.result };
		if (Array.isArray(body.result) && body.result.length > 0) return { item: body.result[0] };
	}
	return {
		refusal: {
			class: classOf(body, answer.status) ?? classOfStatus(answer.status) ?? remainder(body),
			status: answer.status,
			retryAfter: answer.headers.get('retry-after'),
			text: textOf(body),
		},
	};
}

function bodyOf(text: string): Body {
	const json = parseJson(text);
	if (isObject(json) && ('result' in json || 'message' in json)) {
		// Blockscout's 2: the answer is still being made.
		const pending = json['status'] === '2' || json['status'] === 2;
		return { kind: 'envelope', result: json['result'], message: json['message'], pending };
	}
	const start = text.trimStart().charAt(0);
	if (start === '<') return { kind: 'page', html: text };
	if (json !== undefined || ['{', '[', '"'].includes(start)) return { kind: 'unreadable' };
	return { kind: 'text', text };
}

function classOf(body: Body, status: number): FailureClass | null {
	switch (body.kind) {
		case 'envelope': {
			const known = textsOf(body).map(classOfText);
			const name = known.find((candidate) => candidate !== null) ?? null;
			// A server that fails knows nothing about the contract, and 429 says more than "try later".
			if (name === 'UNVERIFIED' && (status >= 500 || body.pending)) return null;
			return name === 'TRANSIENT' && status === 429 ? null : name;
		}
		case 'page':
			return isBlockPage(body.html) ? 'BLOCKED' : null;
		case 'text': {
			const name = body.text.length > 500 ? null : classOfText(body.text);
			return name === 'UNVERIFIED' ? null : name;
		}
		case 'unreadable':
			return null;
		default:
			return body satisfies never;
	}
}

function remainder(body: Body): FailureClass {
	if (body.kind !== 'envelope') return 'TRANSIENT';
	const { result } = body;
	if (body.pending) return 'TRANSIENT';
	const blank = typeof result === 'string' && result.trim() === '';
	return blank || result === null || Array.isArray(result) ? 'TRANSIENT' : 'UNKNOWN';
}

function textOf(body: Body): string {
	if (body.kind === 'envelope') return textsOf(body)[0] ?? '';
	return body.kind === 'text' ? body.text : '';
}

/** What an envelope says in words; the result first, for `message` is often a mere NOTOK. */
function textsOf(body: Body & { kind: 'envelope' }): string[] {
	return [body.result, body.message]
		.filter((part) => typeof part === 'string' || typeof part === 'number')
		.map((part) => String(part).trim())
		.filter((part) => part !== '');
}

/** The error texts of Etherscan and of servers that speak like it, in the order of looking. */
const texts: readonly [FailureClass, RegExp][] = [
	['DAILY_QUOTA', /daily rate limit reached|free api limit reached/i],
	['RATE_LIMIT', /rate limit reached/i],
	['INVALID_KEY', /invalid api ?key/i],
	['PLAN', /free api access is not supported|api pro endpoint/i],
	['CHAIN', /missing or unsupported chainid/i],
	['V1_DEAD', /deprecated V1 endpoint/i],
	['BAD_REQUEST', /invalid address (format|hash)|missing or invalid (action|module) name/i],
	['BAD_REQUEST', /^query parameter \w{1,40} is required$/i],
	['UNVERIFIED', /^contract source code (is )?not verified$/i],
	['DOWN', /^page not found$/i],
	['TRANSIENT', /timeout occur+ed|server too busy|^something went wrong|^429\b/i],
];

/** The class of an error text, or null for one that is not known. */
export function classOfText(text: string): FailureClass | null {
	const sentence = sentenceIn(text);
	return texts.find(([, match]) => match.test(sentence))?.[0] ?? null;
}
