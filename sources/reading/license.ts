import { wordOrNull } from './settings.ts';

const identifier = /SPDX-License-Identifier:[ \t]{0,20}([\w ()+.-]{1,100})/;

/** The licence that a source file states in its SPDX comment, or null where it states none. */
export function licenseIn(text: string): string | null {
	return wordOrNull(identifier.exec(text)?.[1] ?? '');
}
