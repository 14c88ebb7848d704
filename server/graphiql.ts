import { readFileSync } from 'node:fs';
import type { GraphiQLOptions } from 'graphql-yoga';
import type { Exchange } from './http-answer.ts';
import { immutable, type StaticFile, sendStatic, staticFile } from './static-file.ts';

/** One tab for each operation, ready to run on contracts that the bundled emulator has; a blank line parts them. */
const tabs = readFileSync(new URL('graphiql-tabs.graphql', import.meta.url), 'utf8')
	.trimEnd()
	.split('\n\n');

export const graphiql: GraphiQLOptions = {
	title: 'Verifeed',
	subscriptionsProtocol: 'WS',
	defaultTabs: tabs.map((query) => ({ query })),
};

const folder = '/graphiql/';

/** GraphiQL comes whole from this server, so that it works without any other host. */
interface Graphiql {
	page: StaticFile;
	/** What the page loads, by its path, which holds its hash. */
	assets: ReadonlyMap<string, StaticFile>;
}

/** Styles are set by its editor as it goes, and its fonts and pictures stand in its style sheet. */
const policy = [
	"default-src 'none'",
	"script-src 'self'",
	"worker-src 'self'",
	"connect-src 'self'",
	"style-src 'self' 'unsafe-inline'",
	"img-src 'self' data:",
	"font-src 'self' data:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

let prepared: Promise<Graphiql> | null = null;

/** Answers with the page; nothing of it is made before somebody asks. */
export async function sendGraphiql(exchange: Exchange): Promise<void> {
	prepared ??= prepare();
	const { page } = await prepared;
	await sendStatic(exchange, page, {
		'cache-control': 'no-cache',
		'content-security-policy': policy,
		// At this URL there is JSON for others.
		vary: 'Accept, Accept-Encoding',
	});
}

/** Answers with what the page loads; false where there is no such thing. */
export async function sentGraphiqlAsset(exchange: Exchange, path: string): Promise<boolean> {
	const { method } = exchange.request;
	if (!path.startsWith(folder) || (method !== 'GET' && method !== 'HEAD')) return false;
	prepared ??= prepare();
	const asset = (await prepared).assets.get(path);
	if (!asset) return false;
	await sendStatic(exchange, asset, immutable);
	return true;
}

async function prepare(): Promise<Graphiql> {
	const parts = await import('@graphql-yoga/render-graphiql/graphiql');
	const assets = new Map<string, StaticFile>();
	function add(content: string | Buffer, extension: keyof typeof types): string {
		const file = staticFile(content, types[extension]);
		const path = `${folder}${file.hash}.${extension}`;
		assets.set(path, file);
		return path;
	}
	const icon = add(Buffer.from(parts.favicon.replace(/^[^,]*,/, ''), 'base64'), 'ico');
	const style = add(parts.css, 'css');
	const script = add(parts.js, 'js');
	const workers = {
		editorWorkerService: add(parts.editorWorkerService, 'js'),
		json: add(parts.jsonWorker, 'js'),
		graphql: add(parts.graphqlWorker, 'js'),
	};
	const start = add(startOf(workers), 'js');
	const page = staticFile(pageOf({ icon, style, script, start }), 'text/html; charset=utf-8');
	return { page, assets };
}

const types = {
	js: 'text/javascript; charset=utf-8',
	css: 'text/css; charset=utf-8',
	ico: 'image/x-icon',
} as const;

/** In a file of its own, so that the page needs no script within it. */
function startOf(workers: Record<string, string>): string {
	return `const workers = ${JSON.stringify(workers)};
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => workers[label] };
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${JSON.stringify(graphiql)});
`;
}

function pageOf(at: { icon: string; style: string; script: string; start: string }): string {
	return `<!doctype html>
<html lang="en">
	<head>
		<meta charset="utf-8" />
		<title>${graphiql.title}</title>
		<link rel="icon" href="${at.icon}" />
		<link rel="stylesheet" href="${at.style}" />
		<script defer src="${at.script}"></script>
		<script defer src="${at.start}"></script>
	</head>
	<body id="body" class="no-focus-outline">
		<noscript>GraphiQL needs JavaScript. GraphQL answers POST at this same address without it.</noscript>
		<div id="root"></div>
	</body>
</html>
`;
}
