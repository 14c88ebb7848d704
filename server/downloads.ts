import type { OutgoingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Chains } from '../domain/chain.ts';
import type { Contract, ContractKey } from '../domain/contract.ts';
import { DomainError } from '../domain/errors.ts';
import type { Asker } from '../domain/line.ts';
import type { ContractStore, SourceStore } from '../domain/ports.ts';
import { filesOf, type SourceDescription, type StandardJson } from '../domain/source.ts';
import { zipOf } from './archive.ts';
import {
	type Download,
	downloadRoute,
	filesUrl,
	fileUrl,
	readDownload,
	standardJsonUrl,
} from './download-url.ts';
import {
	type Exchange,
	inertHeaders,
	json,
	send,
	sendError,
	sentNotModified,
	takerOf,
} from './http-answer.ts';
import { heavyBytes, type Turns } from './turns.ts';

export interface DownloadContext {
	store: Pick<ContractStore, 'readContract' | 'readSource'>;
	sources: Pick<SourceStore, 'readStandardJsons'>;
	chains: Chains;
	turns: Turns;
}

/**
 * Answers a request for a stored source; false for one that asks for none. Rejects when something unexpected
 * happens: with nothing answered, or, where the headers were out already, with the connection destroyed.
 */
export async function answerDownload(
	context: DownloadContext,
	exchange: Exchange,
	client: Pick<Asker, 'line'>,
): Promise<boolean> {
	const { request, response } = exchange;
	const route = downloadRoute(request.url ?? '');
	if (!route) return false;
	if (request.method === 'OPTIONS') {
		response.writeHead(204, preflight).end();
		return true;
	}
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		const message = `${request.method} does nothing here: source code is read with GET.`;
		sendError(exchange, 405, { code: 'METHOD_NOT_ALLOWED', message }, { allow });
		return true;
	}
	try {
		await sendDownload(context, exchange, client, readDownload(route, context.chains));
	} catch (error) {
		if (!(error instanceof DomainError)) throw error;
		const { code, message } = error;
		if (code === 'TOO_BUSY') sendError(exchange, 503, { code, message }, { 'retry-after': '1' });
		else sendError(exchange, 400, { code, message });
	}
	return true;
}

const allow = 'GET, HEAD, OPTIONS';
const preflight = {
	allow,
	'access-control-allow-methods': allow,
	'access-control-allow-headers': 'If-None-Match, Range, Authorization, X-Api-Key',
	'access-control-max-age': '86400',
};
const fresh = 'public, no-cache';
const forever = 'public, max-age=31536000, immutable';

async function sendDownload(
	{ store, sources, turns }: DownloadContext,
	exchange: Exchange,
	{ line }: Pick<Asker, 'line'>,
	{ key, resource, path, hash }: Download,
): Promise<void> {
	const contract = await store.readContract(key);
	if (!contract?.source) return sendError(exchange, 404, noSource(contract));
	const source = hash === null ? contract.source : await store.readSource(key, hash);
	if (!source) return sendError(exchange, 404, noSuchSource);
	const headers = { etag: `"${source.hash}"`, 'cache-control': hash === null ? fresh : forever };
	// Only what is there can be unchanged: of a single file that is known once it is loaded.
	if (path === null && sentNotModified(exchange, headers)) return;
	const isZip = resource === 'source.zip';
	// Only its headers are read.
	const isFree = isZip && exchange.request.method === 'HEAD';
	if (!isFree && (isZip || source.size > heavyBytes)) await turns.take(takerOf(exchange, line));
	if (exchange.response.destroyed) return;
	if (isZip) {
		const zipHeaders = { ...headers, ...describeZip(source.name, key) };
		return sendZip(exchange, zipHeaders, () => load(sources, source));
	}
	const input = await load(sources, source);
	if (path !== null) return sendFile(exchange, headers, { key, path, hash }, input);
	const value = resource === 'standard.json' ? input : listOf(key, hash, input);
	send(exchange, 200, { ...headers, ...json }, `${JSON.stringify(value, null, 2)}\n`);
}

async function load(
	sources: DownloadContext['sources'],
	{ hash }: SourceDescription,
): Promise<StandardJson> {
	const [stored] = await sources.readStandardJsons([hash]);
	if (!stored) throw new Error(`source ${hash} is named by a contract but not stored`);
	return stored;
}

function listOf(key: ContractKey, hash: string | null, input: StandardJson) {
	return filesOf(input).map(({ path, size }) => ({ path, size, url: fileUrl(key, path, hash) }));
}

/** Answers with one file to the byte, or says why not. */
function sendFile(
	exchange: Exchange,
	headers: OutgoingHttpHeaders & { etag: string },
	{ key, path, hash }: { key: ContractKey; path: string; hash: string | null },
	{ sources }: StandardJson,
): void {
	const file = Object.hasOwn(sources, path) ? sources[path] : undefined;
	if (!file) {
		const message = `This source has no file of that name; ${filesUrl(key, hash)} lists those it has.`;
		sendError(exchange, 404, { code: 'NO_SUCH_FILE', message });
		return;
	}
	if (!file.content.isWellFormed()) {
		const message = `The file ${JSON.stringify(path.slice(0, 200))} has lone surrogates, which UTF-8 cannot hold; ${standardJsonUrl(key, hash)} has it exactly.`;
		sendError(exchange, 409, { code: 'NOT_UTF8', message });
		return;
	}
	if (sentNotModified(exchange, headers)) return;
	const type = /\.json$/i.test(path) ? json : { 'content-type': 'text/plain; charset=utf-8' };
	// Sources are not ours and must never run in a browser.
	const policy = `sandbox; ${inertHeaders['content-security-policy']}`;
	const inert = { 'content-security-policy': policy };
	send(exchange, 200, { ...headers, ...type, ...inert }, file.content);
}

async function sendZip(
	{ request, response }: Exchange,
	headers: OutgoingHttpHeaders,
	input: () => Promise<StandardJson>,
): Promise<void> {
	if (request.method === 'HEAD') {
		response.writeHead(200, { ...inertHeaders, ...headers }).end();
		return;
	}
	const files = filesOf(await input());
	if (response.destroyed) return;
	const zip = zipOf(files);
	response.writeHead(200, { ...inertHeaders, ...headers });
	try {
		await pipeline(zip, response);
	} catch (error) {
		// A client that goes away is no fault; any other error has destroyed the connection.
		if (!isPrematureClose(error)) throw error;
	}
}

function describeZip(contractName: string, { chainId, address }: ContractKey) {
	const ascii = contractName.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[._-]+/, '');
	const name = `${ascii.slice(0, 80) || 'contract'}-${chainId}-${address}.zip`;
	return {
		'content-type': 'application/zip',
		'content-disposition': `attachment; filename="${name}"`,
	};
}

function isPrematureClose(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Why there is nothing to download, and what to do about it. */
function noSource(contract: Contract | null) {
	return { code: 'NO_SOURCE', message: sentence(contract), status: contract?.status ?? null };
}

function sentence(contract: Contract | null): string {
	switch (contract?.status) {
		case undefined:
			return 'Nobody has submitted this contract yet. Submit it with the mutation submitContract at /graphql, and ask again when its status is SUCCESS.';
		case 'CREATED':
			return 'This contract waits for its download. Ask again in a moment, or follow it with the subscription contractStatus at /graphql.';
		case 'PROCESS': {
			const failure = contract?.error ? ` The last attempt failed: ${contract.error.message}` : '';
			return `The source of this contract is being downloaded.${failure} Ask again in a moment, or follow it with the subscription contractStatus at /graphql.`;
		}
		case 'ERROR':
			return `The source of this contract could not be had. ${contract?.error?.message ?? ''} ${whatNow(contract)}`;
		case 'SUCCESS':
			throw new Error('a contract in SUCCESS has no source');
	}
}

function whatNow(contract: Contract | null): string {
	return contract?.error?.retryable
		? 'Submit it again with the mutation submitContract at /graphql.'
		: 'Submitting it again helps only once that has changed.';
}

/** For a hash that names no source of the contract. */
const noSuchSource = {
	code: 'NO_SUCH_SOURCE',
	message:
		'This contract has had no source with that hash; the field Contract.sources at /graphql lists those it has had.',
};
