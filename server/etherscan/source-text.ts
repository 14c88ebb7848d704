import type { StandardJson } from '../../domain/source.ts';

/** The forms of SourceCode that this server writes. */
export type SourceText =
	/** One file, byte for byte. */
	| { form: 'plain'; text: string; path: string }
	/** `{{standard JSON}}`: whatever the source is, this holds all of it. */
	| { form: 'standard'; text: string };

/** In the order of preference; a plain text may lose settings, so whether it does has to be seen. */
export function sourceTexts(standardJson: StandardJson): SourceText[] {
	const standard = { form: 'standard', text: `{${JSON.stringify(standardJson)}}` } as const;
	const [file, second] = Object.entries(standardJson.sources);
	if (!file || second) return [standard];
	const [path, { content }] = file;
	const plain = { form: 'plain', text: content } as const;
	// Etherscan names no file for a plain text.
	return [{ ...plain, path: '' }, { ...plain, path }, standard];
}
