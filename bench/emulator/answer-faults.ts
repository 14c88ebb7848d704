import { everywhere, type FaultRow, textOf } from './fault-row.ts';
import { json, page, type Reply, send } from './reply.ts';

function serverError(status: number, name: string): Reply {
	const title = `${status} ${name}`;
	return page(title, `<center><h1>${title}</h1></center>`, status);
}

function challenge(status: number): Reply {
	return page(
		'Just a moment...',
		'<p>Checking if the site connection is secure</p><a href="https://www.cloudflare.com?utm_source=challenge">Cloudflare</a>',
		status,
	);
}

const blocked = page(
	'Attention Required! | Cloudflare',
	'<h1>Sorry, you have been blocked</h1><h2>You are unable to access this site</h2>',
	403,
);

/** More than anything that calls itself for each level can bear. */
const depth = 100_000;

// One transparent pixel.
const image = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);

/** What stands in front of an upstream says instead of it, or a body that is not what it should be. */
export const answerFaults = {
	'http-401': everywhere(json({ message: 'Unauthorized' }, 401)),
	'http-404-html': everywhere(serverError(404, 'Not Found')),
	'http-429': everywhere({
		...json({ message: '429 Too Many Requests' }, 429),
		headers: { 'retry-after': '1' },
	}),
	'http-500': everywhere(serverError(500, 'Internal Server Error')),
	'http-502': everywhere(serverError(502, 'Bad Gateway')),
	'http-503': everywhere(serverError(503, 'Service Temporarily Unavailable')),
	'http-504': everywhere(serverError(504, 'Gateway Time-out')),
	'echo-url': everywhere(({ request, response }) => {
		send(response, page('500 Internal Server Error', `<pre>GET ${request.url}</pre>`, 500));
	}),
	'retry-after-seconds': everywhere({
		...json({ message: 'Service Unavailable' }, 503),
		headers: { 'retry-after': '2' },
	}),
	'retry-after-date': everywhere(({ response }) => {
		const at = new Date(Date.now() + 3_000).toUTCString();
		const reply = json({ message: 'Too Many Requests' }, 429);
		send(response, { ...reply, headers: { 'retry-after': at } });
	}),
	'html-403': everywhere(blocked),
	'html-200': everywhere(challenge(200)),
	'challenge-403': everywhere(challenge(403)),
	'challenge-503': everywhere(challenge(503)),
	'page-not-found': everywhere({
		headers: { 'content-type': 'text/plain' },
		body: 'Page not found',
	}),
	'not-json': everywhere({ body: 'upstream connect error or disconnect/reset before headers' }),
	empty: everywhere({ body: '' }),
	'empty-204': everywhere(({ response }) => {
		response.writeHead(204).end();
	}),
	'html-as-json': everywhere({ body: page('Welcome', '<p>Nothing to see</p>').body }),
	'image-as-json': everywhere({ body: image }),
	'json-as-html': everywhere(({ reply, response }) => {
		send(response, { ...reply, headers: { 'content-type': 'text/html; charset=utf-8' } });
	}),
	'json-array': everywhere(json([])),
	'json-number': everywhere(json(42)),
	'json-null': everywhere(json(null)),
	'json-text': everywhere(json('a text')),
	'json-object': everywhere(json({ hello: 'world' })),
	'json-deep': everywhere({ body: '['.repeat(depth) + ']'.repeat(depth) }),
	'cut-json': everywhere(({ reply, response }) => {
		const text = textOf(reply);
		send(response, { ...reply, body: text.slice(0, Math.ceil(text.length / 2)) });
	}),
	utf8: everywhere(({ reply, response }) => {
		const body = Buffer.from(reply.body);
		// JSON made here has spaces within strings only, so the rest of it stays well formed.
		const at = Math.max(0, body.indexOf(' ', Math.floor(body.length / 2)));
		const wrong = Buffer.from([0xc3, 0x28, 0xff, 0xfe]);
		send(response, {
			...reply,
			body: Buffer.concat([body.subarray(0, at), wrong, body.subarray(at)]),
		});
	}),
} satisfies Record<string, FaultRow>;
