import type { Address } from '../../domain/address.ts';
import type { Contract } from '../../domain/contract.ts';
import { SourceError } from '../../domain/errors.ts';
import type { SourceDescription, StandardJson } from '../../domain/source.ts';
import { type EtherscanItem, unverifiedItem } from '../../sources/etherscan/format.ts';
import { readItem } from '../../sources/etherscan/item.ts';

/**
 * A stored source as Etherscan would deliver it: plain text where that loses nothing, else
 * `{{standard JSON}}`. Nothing is lost where our own reader makes the same source of it.
 */
export function toItem(
	source: SourceDescription,
	standardJson: StandardJson,
	abi: readonly unknown[] | null,
): EtherscanItem {
	const abiText = JSON.stringify(abi ?? []);
	// Whether a plain text loses anything is seen by reading it, which takes its time.
	const plain = source.size > readableBytes ? [] : plainTexts(standardJson);
	for (const text of plain) {
		const item = itemWith(source, text, abiText);
		if (reads(item, source)) return item;
	}
	const text = `{${JSON.stringify(standardJson)}}`;
	return itemWith(source, { form: 'standard', text }, abiText);
}

/** Of a contract without a source, which may lead to one that has some. */
export function unverifiedItemOf(implementation: Address | null): EtherscanItem {
	if (implementation === null) return unverifiedItem;
	return { ...unverifiedItem, Proxy: '1', Implementation: implementation };
}

/** An element of `getcontractcreation`; null where no upstream has told who made the contract. */
export function creationRow({ address, source }: Contract): object | null {
	if (!source?.creation) return null;
	const { transaction, block, deployer } = source.creation;
	return {
		contractAddress: address,
		contractCreator: deployer,
		txHash: transaction,
		...(block !== null && { blockNumber: String(block) }),
	};
}

/** Larger sources are always standard JSON. */
const readableBytes = 256 * 1024;

function reads(item: EtherscanItem, { hash }: SourceDescription): boolean {
	const limits = { origin: '', maxSourceBytes: Number.MAX_SAFE_INTEGER };
	try {
		return readItem({ ...item, ABI: '[]' }, limits)?.description.hash === hash;
	} catch (error) {
		if (error instanceof SourceError) return false;
		throw error;
	}
}

function itemWith(source: SourceDescription, code: SourceText, abi: string): EtherscanItem {
	const [implementation = ''] = source.implementations;
	const { delivered } = source;
	return {
		SourceCode: code.text,
		ABI: abi,
		ContractName: source.name,
		CompilerVersion: compilerVersion(source),
		CompilerType: compilerType(source, code),
		OptimizationUsed: source.optimizer.enabled ? '1' : '0',
		Runs: String(source.optimizer.runs ?? defaultRuns),
		ConstructorArguments: source.constructorArguments.replace(/^0x/i, ''),
		EVMVersion: delivered?.evmVersion ?? source.evmVersion ?? 'Default',
		Library: delivered?.library ?? libraryText(source),
		ContractFileName: code.form === 'plain' ? code.path : (source.mainPath ?? ''),
		LicenseType: delivered?.licenseType ?? source.license ?? 'Unknown',
		Proxy: implementation === '' ? '0' : '1',
		Implementation: implementation,
		SwarmSource: delivered?.swarmSource ?? '',
		SimilarMatch: source.similarMatch ?? '',
	};
}

function libraryText({ libraries }: SourceDescription): string {
	return libraries.map(({ name, address }) => `${name}:${address.slice(2)}`).join(';');
}

/** Solidity's own; some tools cannot read an item without a number here. */
const defaultRuns = 200;

/** Tools tell the compiler by the prefix, which other upstreams leave out. */
function compilerVersion({ compilerVersion: version, language }: SourceDescription): string {
	const number = /^v?(\d.*)$/is.exec(version)?.[1];
	if (number === undefined) return version;
	return /^vyper$/i.test(language) ? `vyper:${number}` : `v${number}`;
}

function compilerType({ language }: SourceDescription, { form }: SourceText): string {
	if (/^vyper$/i.test(language)) return 'vyper';
	return form === 'plain' ? 'solc-s' : 'solc-j';
}

/** The forms of SourceCode that this server writes. */
type SourceText =
	/** One file, byte for byte. */
	| { form: 'plain'; text: string; path: string }
	/** `{{standard JSON}}`: whatever the source is, this holds all of it. */
	| { form: 'standard'; text: string };

/** In the order of preference; a plain text may lose settings, so whether it does has to be seen. */
function plainTexts({ sources }: StandardJson): SourceText[] {
	const [file, second] = Object.entries(sources);
	if (!file || second) return [];
	const [path, { content: text }] = file;
	// Etherscan names no file for a plain text.
	return ['', path].map((path) => ({ form: 'plain', text, path }));
}
