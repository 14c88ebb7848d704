import { createHash } from 'node:crypto';
import type { FetchedSource, StandardJson } from '../../domain/source.ts';
import { UpstreamFailure } from '../failure.ts';
import { canonicalJson } from './values.ts';

type Counted =
	| 'hash'
	| 'abiHash'
	| 'abiSize'
	| 'argumentsHash'
	| 'argumentsSize'
	| 'fileCount'
	| 'size';

/** What an upstream delivered, read; the rest follows from it. */
export interface SourceParts {
	description: Omit<FetchedSource['description'], Counted>;
	standardJson: StandardJson;
	abi: unknown[] | null;
}

/** More files than any real source has; each costs something even when it is empty. */
const maxFiles = 10_000;

/**
 * Completes a source with its hashes and sizes. The hash is that of the standard JSON with sorted keys,
 * so equal files and settings have equal hashes. Throws a final `SourceError` for a source that is too
 * large or cannot be stored.
 */
export function assemble(parts: SourceParts, maxSourceBytes: number): FetchedSource {
	const files = Object.values(parts.standardJson.sources);
	const size = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
	if (size > maxSourceBytes) {
		throw tooLarge(`${size} bytes, more than the ${maxSourceBytes} that this server stores`);
	}
	if (files.length > maxFiles) {
		throw tooLarge(`${files.length} files, more than the ${maxFiles} that this server stores`);
	}
	const { sources, ...aside } = parts.standardJson;
	const abi = parts.abi && measured('ABI', parts.abi);
	measured('settings', { ...aside, sources: Object.keys(sources) });
	const given = parts.description.constructorArguments;
	const longArguments = given.length > mostInPlace ? given : null;
	const constructorArguments = longArguments === null ? given : '0x';
	const apart = longArguments && measured('constructor arguments', longArguments);
	const described = { ...parts.description, constructorArguments };
	measured('description', described);
	return {
		...parts,
		longArguments,
		description: {
			...described,
			argumentsHash: apart && sha256(apart),
			argumentsSize: longArguments?.length ?? 0,
			hash: sha256(textOf(parts.standardJson)),
			abiHash: abi && sha256(abi),
			abiSize: abi === null ? 0 : Buffer.byteLength(abi),
			fileCount: files.length,
			size,
		},
	};
}

/** Far more than real ones have. Untrusted text is read with every answer about the contract. */
const mostBytes = {
	ABI: 2 * 1024 * 1024,
	settings: 2 * 1024 * 1024,
	'constructor arguments': 2 * 1024 * 1024,
	description: 128 * 1024,
};
/** Longer constructor arguments are read only by who asks for them. */
const mostInPlace = 8 * 1024;

function measured(what: keyof typeof mostBytes, value: unknown): string {
	const text = textOf(value);
	const bytes = Buffer.byteLength(text);
	if (bytes <= mostBytes[what]) return text;
	throw tooLarge(
		`${bytes} bytes of ${what}, more than the ${mostBytes[what]} that this server stores`,
	);
}

/** The upstream's answer cannot be read as source code; `what` says why, as the end of a sentence. */
export function malformed(what: string, options?: ErrorOptions): UpstreamFailure {
	const message = `The answer cannot be read as source code: ${what}.`;
	return new UpstreamFailure('MALFORMED', message, options);
}

function tooLarge(what: string): UpstreamFailure {
	return new UpstreamFailure('TOO_LARGE', `The source has ${what}.`);
}

function textOf(value: unknown): string {
	try {
		return canonicalJson(value);
	} catch (cause) {
		throw malformed('its JSON is nested too deep', { cause });
	}
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
