import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { parseAddress } from '../../domain/address.ts';
import { type Contract, type ContractKey, keyText, newContract } from '../../domain/contract.ts';
import type { SourceDescription, StandardJson } from '../../domain/source.ts';
import { answerDownload, type DownloadContext } from '../../server/downloads.ts';
import { createOrigins } from '../../server/origins.ts';
import { createTurns } from '../../server/turns.ts';
import { description } from './description.ts';

/** Files of a source, with every kind of name that upstreams were seen to give. */
export const contents = [
	['contracts/Token.sol', 'contract Token {}\r\n// 代币\n'],
	['meta.json', '{"a":1}'],
	['https://host/x//y.sol', 'url'],
	['../x.sol', 'above'],
	['/abs.sol', 'absolute'],
	['C:\\x.sol', 'drive'],
	['a\nb c.sol', 'newline'],
	['ünï.sol', 'unicode'],
	['100%.sol', 'percent'],
	['a%2Fb.sol', 'not a slash'],
	['what?#.sol', 'question'],
	['__proto__', 'prototype'],
	['\ud800.sol', 'surrogate'],
	['', 'empty'],
	['.', 'dot'],
	['..', 'dots'],
	['a\0b.sol', 'null'],
	['.sol', 'no name'],
	['./x.sol', 'here'],
	['x.sol', 'plain'],
	['https://host/../../y.sol', 'url that climbs'],
	['\\\\host\\share\\x.sol', 'share'],
	['@openzeppelin/contracts@4.9.2/token.sol', 'package'],
	['.venv/lib/x.vy', 'hidden'],
	['Attack', 'file'],
	['Attack/x.sol', 'in a folder of that name'],
	['ATTACK', 'upper case'],
	['hash=1&path=2', 'query'],
	[`${'long'.repeat(1_000)}.sol`, 'over-long'],
] as const;
export const input: StandardJson = {
	language: 'Solidity',
	sources: Object.fromEntries(contents.map(([path, content]) => [path, { content }])),
	settings: { optimizer: { enabled: true, runs: 200 } },
};
export const hash = 'a1'.repeat(32);
export const etag = `"${hash}"`;

export const key: ContractKey = { chainId: 1, address: parseAddress(`0x${'ab'.repeat(20)}`) };
export const root = `/contracts/1/${key.address}`;
export const stored: Contract = {
	...newContract(key, new Date(0)),
	status: 'SUCCESS',
	version: 3,
	attempts: 1,
	source: {
		...description,
		hash,
		name: '../My "Tökén"\r\n',
		compilerVersion: 'v0.8.30+commit.73712a01',
		mainPath: null,
		fileCount: contents.length,
		size: 1,
	},
};

/** Serves downloads on a port of its own while a test file runs; each test begins with `stored`. */
export function serveDownloads() {
	const contracts = new Map<string, Contract>();
	const inputs = new Map<string, StandardJson>();
	/** Sources that the contract has had before. */
	const older = new Map<string, SourceDescription>();
	/** What became of each request, in order. */
	const outcomes: Promise<boolean>[] = [];
	const chain = { id: 1, name: 'Ethereum', explorerUrl: null };
	const context: DownloadContext = {
		store: {
			readContract: async (asked) => contracts.get(keyText(asked)) ?? null,
			async readSource(asked, wanted) {
				const source = contracts.get(keyText(asked))?.source;
				return source?.hash === wanted ? source : (older.get(wanted) ?? null);
			},
		},
		sources: {
			readStandardJsons: async (hashes) => hashes.map((asked) => inputs.get(asked) ?? null),
		},
		turns: createTurns({ places: 1, placesOfOne: 1, line: 1, longestMs: 1e6 }),
		chains: { list: () => [chain], get: (id) => (id === 1 ? chain : undefined) },
	};
	const origins = createOrigins(undefined);
	const server = createServer((request, response) => {
		origins.share({ request, response });
		const outcome = answerDownload(context, { request, response }, { line: 1 });
		outcomes.push(outcome);
		outcome.then(
			(own) => own || response.writeHead(418).end(),
			() => response.headersSent || response.writeHead(500).end(),
		);
	});
	const port = () => (server.address() as AddressInfo).port;

	beforeAll(async () => {
		await once(server.listen(0, '127.0.0.1'), 'listening');
	});
	afterAll(async () => {
		server.closeAllConnections();
		await once(server.close(), 'close');
	});
	beforeEach(() => {
		outcomes.length = 0;
		contracts.clear();
		contracts.set(keyText(key), stored);
		inputs.clear();
		inputs.set(hash, input);
		older.clear();
	});

	/** Sends the path as it is: `fetch` would normalise it. */
	async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
		const options = { host: '127.0.0.1', port: port(), path, headers, method, agent: false };
		const [response] = (await once(send(options).end(), 'response')) as [IncomingMessage];
		return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
	}

	/** The error in an answer that has to be one. */
	async function refusal(path: string) {
		const { status, headers, body } = await ask(path);
		expect(headers).toMatchObject({
			'content-type': 'application/json; charset=utf-8',
			'cache-control': 'no-store',
			'access-control-allow-origin': '*',
		});
		expect(headers).not.toHaveProperty('etag');
		const [{ message, extensions }] = JSON.parse(body.toString()).errors;
		return { httpStatus: status, message, ...extensions };
	}

	return { contracts, inputs, older, outcomes, port, ask, refusal };
}
