import { type LineRange, lineHash, linesOf } from './source/lines.ts';

export type Tab = 'code' | 'abi' | 'settings' | 'versions' | 'diff';

export interface ContractRoute {
	view: 'contract';
	/** As written: neither need be one. */
	chain: string;
	address: string;
	tab: Tab;
	/** Of a file: its path, or its number in the list where no URL can hold its path. */
	file: string | number | null;
	lines: LineRange | null;
	diff: { from: string; to: string } | null;
	/** At a proxy: whose code is shown; null for what the page finds best. */
	of: string | null;
	/** Of an older source. */
	hash: string | null;
}

export type Route =
	| { view: 'home' }
	| { view: 'list'; chain: string; addresses: readonly string[] }
	| ContractRoute;

const tabs: readonly string[] = ['abi', 'settings', 'versions'];

/** Null for a URL that is none of the page's. */
export function routeOf({ pathname, searchParams, hash }: URL): Route | null {
	if (pathname === '/') return { view: 'home' };
	if (pathname === '/list') {
		const addresses = (searchParams.get('addresses') ?? '').split(',').filter(Boolean);
		return { view: 'list', chain: searchParams.get('chain') ?? '1', addresses };
	}
	const [, chain = '', address = '', rest = ''] =
		/^\/(\d[^/]*)\/([^/]+)\/?(.*)$/s.exec(pathname) ?? [];
	if (!chain) return null;
	const [, from = '', to = ''] = /^diff\/([0-9a-f]+)\.\.([0-9a-f]+)$/.exec(rest) ?? [];
	const number = Number(searchParams.get('file') ?? Number.NaN);
	const isTab = tabs.includes(rest);
	return {
		view: 'contract',
		chain: decoded(chain),
		address: decoded(address),
		tab: from ? 'diff' : isTab ? (rest as Tab) : 'code',
		file: Number.isInteger(number) ? number : isTab || from || !rest ? null : decoded(rest),
		lines: linesOf(hash),
		diff: from ? { from, to } : null,
		of: searchParams.get('of'),
		hash: searchParams.get('hash'),
	};
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Where within a contract's page. */
export type Place = Pick<ContractRoute, 'chain' | 'address'> &
	Partial<Pick<ContractRoute, 'tab' | 'lines' | 'diff' | 'of' | 'hash'>> & {
		file?: { path: string; number: number } | null;
	};

export function hrefOf({
	chain,
	address,
	tab = 'code',
	file,
	lines,
	diff,
	of,
	hash,
}: Place): string {
	const root = `/${encodeURIComponent(chain)}/${encodeURIComponent(address)}`;
	const query = new URLSearchParams();
	if (of) query.set('of', of);
	if (hash) query.set('hash', hash);
	const isPlain = file ? isPlainPath(file.path) : false;
	if (file && !isPlain) query.set('file', String(file.number));
	const within =
		tab === 'diff' && diff
			? `/diff/${diff.from}..${diff.to}`
			: tab !== 'code'
				? `/${tab}`
				: file && isPlain
					? `/${file.path.split('/').map(encodeURIComponent).join('/')}`
					: '';
	const search = query.size > 0 ? `?${query}` : '';
	return root + within + search + (lines ? lineHash(lines) : '');
}

/** Whether a browser keeps it in a URL as it is, and it means nothing else there. */
function isPlainPath(path: string): boolean {
	if (!path.isWellFormed() || tabs.includes(path) || path.startsWith('diff/')) return false;
	return path.split('/').every((part) => !['', '.', '..'].includes(part));
}

export function listHref(chain: string, addresses: readonly string[]): string {
	return `/list?chain=${encodeURIComponent(chain)}&addresses=${addresses.join(',')}`;
}
