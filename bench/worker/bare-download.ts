import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { EtherscanItem } from '../../sources/etherscan/format.ts';

export interface Blob {
	hash: Buffer;
	content: Buffer;
	size: number;
}

export interface Downloaded {
	address: Buffer;
	name: string;
	description: string;
	source: Blob;
	abi: Blob;
}

const compress = promisify(zstdCompress);
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Fetches, parses and compresses one contract's source. */
export async function download(upstream: string, address: Buffer): Promise<Downloaded> {
	const query = `chainid=1&module=contract&action=getsourcecode&address=0x${address.toString('hex')}`;
	const answer = await new Promise<string>((resolve, reject) => {
		get(`${upstream}?${query}`, { agent }, (response) => resolve(text(response))).on(
			'error',
			reject,
		);
	});
	const [item] = JSON.parse(answer).result as [EtherscanItem];
	const settings = {
		optimizer: { enabled: item.OptimizationUsed === '1', runs: Number(item.Runs) },
	};
	const path = `${item.ContractName}.sol`;
	const sources = { [path]: { content: item.SourceCode } };
	const [source, abi] = await Promise.all([
		blobOf({ language: 'Solidity', sources, settings }),
		blobOf(JSON.parse(item.ABI)),
	]);
	const description = JSON.stringify({
		...{ hash: source.hash.toString('hex'), abiHash: abi.hash.toString('hex'), abiSize: abi.size },
		...{ provider: 'ETHERSCAN', origin: new URL(upstream).host, name: item.ContractName },
		...{ language: 'Solidity', compilerVersion: item.CompilerVersion, evmVersion: null },
		...{ optimizer: settings.optimizer, license: item.LicenseType, constructorArguments: '0x' },
		...{ libraries: [], viaIr: false, remappings: [], match: 'UNKNOWN', similarMatch: null },
		...{ implementations: [], mainPath: path, fileCount: 1, size: source.size },
		fetchedAt: new Date(),
	});
	return { address, name: item.ContractName, description, source, abi };
}

async function blobOf(value: unknown): Promise<Blob> {
	const json = Buffer.from(JSON.stringify(value));
	const hash = createHash('sha256').update(json).digest();
	const content = await compress(json, {
		params: { [constants.ZSTD_c_compressionLevel]: 9 },
		pledgedSrcSize: json.length,
	});
	return { hash, content, size: json.length };
}
