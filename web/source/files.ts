import { download } from '../api/ask.ts';
import type { File } from './tree.ts';

/** Whose source, and which of those it has had. */
export interface SourceKey {
	chainId: number;
	address: string;
	hash: string;
}

/** What never changes, as its URL holds a hash; the newest few, so that a step back asks for nothing. */
const kept = new Map<string, Promise<unknown>>();
const mostKept = 40;

function once<T>(url: string, read: (response: Response) => Promise<T>): Promise<T> {
	const before = kept.get(url) as Promise<T> | undefined;
	if (before) return before;
	const loading = download(url).then(read);
	kept.set(url, loading);
	loading.catch(() => kept.delete(url));
	const [oldest = ''] = kept.keys();
	if (kept.size > mostKept) kept.delete(oldest);
	return loading;
}

function rootOf({ chainId, address }: SourceKey): string {
	return `/contracts/${chainId}/${address}`;
}

export function standardJsonUrl(key: SourceKey): string {
	return `${rootOf(key)}/standard.json?hash=${key.hash}`;
}

/** All files, without what is in them. */
export function loadList(key: SourceKey): Promise<File[]> {
	return once(`${rootOf(key)}/files?hash=${key.hash}`, async (response) => {
		const files = (await response.json()) as Omit<File, 'number'>[];
		return files.map((file, index) => ({ ...file, number: index + 1 }));
	});
}

/** What is in one file; of one that UTF-8 cannot hold, from the standard JSON. */
export async function loadFile(key: SourceKey, file: File): Promise<string> {
	try {
		return await once(file.url, textOf);
	} catch (error) {
		const all = await loadAll(key).catch(() => null);
		const content = all?.get(file.path);
		if (content === undefined) throw error;
		return content;
	}
}

/** With its byte order mark, which is to be seen. */
async function textOf(response: Response): Promise<string> {
	return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
}

/** The standard JSON input, in which everything is. */
export function loadStandardJson(key: SourceKey): Promise<StandardJson> {
	return once(standardJsonUrl(key), (response) => response.json() as Promise<StandardJson>);
}

export interface StandardJson {
	language: string;
	sources: Record<string, { content: string }>;
	settings: Record<string, unknown>;
}

/** What is in every file, by path, in the order of the list. */
export async function loadAll(key: SourceKey): Promise<Map<string, string>> {
	const { sources } = await loadStandardJson(key);
	const files = Object.entries(sources).map(([path, { content }]) => [path, content] as const);
	return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
