import type { OutgoingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Chains } from '../domain/chain.ts';
import type { ContractKey } from '../domain/contract.ts';
import type { ContractStore, SourceStore } from '../domain/ports.ts';
import { filesOf, type SourceDescription, type StandardJson } from '../domain/source.ts';
import { zipOf } from './archive.ts';
import type { Download } from './download-route.ts';
import { sendFile } from './file-answer.ts';
import { fileUrl } from './file-url.ts';
import {
	type Exchange,
	json,
	publicHeaders,
	send,
	sendError,
	sentNotModified,
} from './http-answer.ts';
import { noSource, noSuchSource } from './no-source.ts';

export interface DownloadPorts {
	store: Pick<ContractStore, 'readContract' | 'readSource'>;
	sources: Pick<SourceStore, 'readStandardJsons'>;
	chains: Chains;
}

/** Answers GET and HEAD of one download, with 304 and 404 where they are due. */
export function createDownloadAnswer(
	ports: Pick<DownloadPorts, 'store' | 'sources'>,
): (exchange: Exchange, download: Download) => Promise<void> {
	return async (exchange, { key, resource, path, hash }) => {
		const contract = await ports.store.readContract(key);
		if (!contract?.source) return sendError(exchange, 404, noSource(contract));
		const source = hash === null ? contract.source : await ports.store.readSource(key, hash);
		if (!source) return sendError(exchange, 404, noSuchSource);
		const headers = { etag: `"${source.hash}"`, 'cache-control': hash === null ? fresh : forever };
		// Only what is there can be unchanged: of a single file that is known once it is loaded.
		if (path === null && sentNotModified(exchange, headers)) return;
		if (resource === 'source.zip') {
			const load = () => standardJson(source);
			return sendZip(exchange, { ...headers, ...zipHeaders(source.name, key) }, load);
		}
		const input = await standardJson(source);
		if (path !== null) return sendFile(exchange, headers, { key, path, hash }, input);
		const value = resource === 'standard.json' ? input : listOf(key, hash, input);
		send(exchange, 200, { ...headers, ...json }, `${JSON.stringify(value, null, 2)}\n`);
	};

	async function standardJson({ hash }: SourceDescription): Promise<StandardJson> {
		const [stored] = await ports.sources.readStandardJsons([hash]);
		if (!stored) throw new Error(`source ${hash} is named by a contract but not stored`);
		return stored;
	}
}

const fresh = 'public, no-cache';
const forever = 'public, max-age=31536000, immutable';

function listOf(key: ContractKey, hash: string | null, input: StandardJson) {
	return filesOf(input).map(({ path, size }) => ({ path, size, url: fileUrl(key, path, hash) }));
}

async function sendZip(
	{ request, response }: Exchange,
	headers: OutgoingHttpHeaders,
	load: () => Promise<StandardJson>,
): Promise<void> {
	if (request.method === 'HEAD') {
		response.writeHead(200, { ...publicHeaders, ...headers }).end();
		return;
	}
	const files = filesOf(await load());
	if (response.destroyed) return;
	const zip = zipOf(files);
	response.writeHead(200, { ...publicHeaders, ...headers });
	try {
		await pipeline(zip, response);
	} catch (error) {
		// A client that goes away is no fault; any other error has destroyed the connection.
		if (!isPrematureClose(error)) throw error;
	}
}

function zipHeaders(contractName: string, { chainId, address }: ContractKey) {
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
