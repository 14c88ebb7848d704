import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Exchange, sendError } from './http-answer.ts';
import { immutable, type StaticFile, sendStatic, staticFile } from './static-file.ts';

/** Where `npm run page` leaves it. */
const built = new URL('../web/dist/', import.meta.url);

/** The one page, and what it loads, by paths that hold hashes. */
interface Page {
	html: StaticFile;
	assets: ReadonlyMap<string, StaticFile>;
}

/** Whatever a contract's source holds, nothing runs, loads or is styled but what was built. */
const policy = [
	"default-src 'none'",
	"script-src 'self'",
	"worker-src 'self'",
	"connect-src 'self'",
	"style-src 'self'",
	"img-src 'self'",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

/** `/`, a list, and links to a contract: `/1/0x.../contracts/Token.sol`. */
const shape = /^\/(?:list|\d[^/]*\/.+)?$/s;

let prepared: Promise<Page> | null = null;

/** Answers with the page or a part of it; false where there is no such thing. */
export async function sentPage(exchange: Exchange, path: string): Promise<boolean> {
	const { method } = exchange.request;
	if (method !== 'GET' && method !== 'HEAD') return false;
	const isPage = shape.test(path);
	if (!isPage && !path.startsWith('/assets/')) return false;
	if (!prepared && !existsSync(built)) {
		if (isPage) sendError(exchange, 404, notBuilt);
		return isPage;
	}
	prepared ??= prepare();
	const { html, assets } = await prepared;
	if (isPage) {
		await sendStatic(exchange, html, {
			'cache-control': 'no-cache',
			'content-security-policy': policy,
		});
		return true;
	}
	const asset = assets.get(path);
	// A worker obeys the policy of its own script.
	if (asset) await sendStatic(exchange, asset, { ...immutable, 'content-security-policy': policy });
	return asset !== undefined;
}

const notBuilt = {
	code: 'NOT_FOUND',
	message: 'The page is not built here: run npm run page. GraphQL is at /graphql.',
};

async function prepare(): Promise<Page> {
	const names = await readdir(new URL('assets/', built));
	const files = names.filter((name) => extname(name) in types);
	const assets = await Promise.all(
		files.map(async (name) => [`/assets/${name}`, await read(`assets/${name}`)] as const),
	);
	return { html: await read('index.html'), assets: new Map(assets) };
}

const types: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.woff2': 'font/woff2',
};

async function read(name: string): Promise<StaticFile> {
	const file = new URL(name, built);
	const [content, br, gzip] = await Promise.all([
		readFile(file),
		...['.br', '.gz'].map((end) => readFile(new URL(name + end, built)).catch(() => undefined)),
	]);
	const type = types[extname(name)] ?? 'application/octet-stream';
	return staticFile(content ?? '', type, { br, gzip });
}
