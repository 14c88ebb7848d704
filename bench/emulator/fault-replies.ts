import { dailyRefusal, notOk, type Reply, rateRefusal, refusals } from './envelope.ts';
import type { FaultName } from './faults.ts';

const html = { 'content-type': 'text/html; charset=UTF-8' };
const plain = { 'content-type': 'text/plain' };

function page(title: string, text: string): string {
	return `<!DOCTYPE html>\n<html lang="en-US"><head><title>${title}</title></head>\n<body>${text}</body></html>\n`;
}

function serverError(status: number, name: string): Reply {
	const title = `${status} ${name}`;
	return { status, headers: html, body: page(title, `<center><h1>${title}</h1></center>`) };
}

/** The faults that are no more than another answer; the rest is carried out in `spoil.ts`. */
export const faultReplies: Partial<Record<FaultName, Reply>> = {
	'rate-limit': notOk(rateRefusal(3)),
	'daily-quota': notOk(dailyRefusal(110_000, 100_000)),
	'invalid-key': notOk(refusals.badKey),
	timeout: notOk(refusals.timeout),
	busy: notOk(refusals.busy),
	plan: notOk(refusals.plan),
	'v1-dead': notOk(refusals.deprecated),
	unknown: notOk(refusals.unknown),
	'null-result': { body: JSON.stringify({ status: '0', message: 'NOTOK', result: null }) },
	'empty-result': { body: JSON.stringify({ status: '1', message: 'OK', result: [] }) },
	'http-429': {
		status: 429,
		headers: { 'retry-after': '1' },
		body: JSON.stringify({ message: '429 Too Many Requests' }),
	},
	'http-500': serverError(500, 'Internal Server Error'),
	'http-502': serverError(502, 'Bad Gateway'),
	'http-503': serverError(503, 'Service Temporarily Unavailable'),
	'html-403': {
		status: 403,
		headers: html,
		body: page(
			'Attention Required! | Cloudflare',
			'<h1>Sorry, you have been blocked</h1><h2>You are unable to access etherscan.io</h2>',
		),
	},
	'html-200': {
		headers: html,
		body: page(
			'Just a moment...',
			'<p>Checking if the site connection is secure</p><a href="https://www.cloudflare.com?utm_source=challenge">Cloudflare</a>',
		),
	},
	'page-not-found': { headers: plain, body: 'Page not found' },
	'not-json': { body: 'upstream connect error or disconnect/reset before headers' },
	empty: { body: '' },
};
