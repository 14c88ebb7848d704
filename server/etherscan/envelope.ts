import type { OutgoingHttpHeaders } from 'node:http';
import { type Exchange, json, send } from '../http-answer.ts';
import { busyText } from './texts.ts';

const headers = { ...json, 'cache-control': 'no-store' };

export function sendOk(exchange: Exchange, result: unknown): void {
	const body = JSON.stringify({ status: '1', message: 'OK', result });
	send(exchange, 200, headers, body);
}

/** A refusal, with HTTP 200 as Etherscan gives it: tools read its text, and many no other status. */
export function sendNotOk(
	exchange: Exchange,
	result: string,
	more: OutgoingHttpHeaders = {},
	status = 200,
): void {
	const body = JSON.stringify({ status: '0', message: 'NOTOK', result });
	send(exchange, status, { ...headers, ...more }, body);
}

/** Asks for patience, with the text that makes most tools ask again. */
export function sendBusy(exchange: Exchange, why: string, seconds: number): void {
	sendNotOk(exchange, busyText(why), { 'retry-after': String(seconds) });
}

/** A body outside the envelope. */
export function sendJson(exchange: Exchange, value: unknown): void {
	send(exchange, 200, headers, JSON.stringify(value));
}
