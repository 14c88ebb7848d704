import { checksummed } from './checksum.ts';

/** As many as one request takes. */
export const mostAddresses = 100;

/** A word of the text that is meant as an address and is none. */
export interface WrongAddress {
	text: string;
	/** What is wrong with it, as the end of a sentence that begins with the text. */
	problem: string;
	/** Of the first character that cannot stand there. */
	at: number | null;
}

export interface Found {
	/** Checksummed, each once, in the order of the text. */
	addresses: string[];
	wrong: WrongAddress[];
}

// What people paste has addresses in prose, in code, in tables, and in links of explorers.
const candidate = /(?<![0-9a-z])0x[0-9a-z]*|(?<![0-9a-z])[0-9a-f]{40}(?![0-9a-z])/gi;

/** The addresses in whatever was pasted, and what nearly are some. */
export function findAddresses(text: string): Found {
	const addresses = new Set<string>();
	const wrong: WrongAddress[] = [];
	for (const [word] of text.matchAll(candidate)) {
		// A transaction's hash, or any other 32 bytes.
		if (/^0x[0-9a-f]{64}$/i.test(word)) {
			wrong.push({ text: word, problem: 'is 32 bytes long: a transaction or a hash', at: null });
			continue;
		}
		const address = /^0x/i.test(word) ? `0x${word.slice(2)}` : `0x${word}`;
		const problem = problemOf(address);
		if (problem) wrong.push({ text: word, ...problem });
		else addresses.add(checksummed(address));
	}
	if (addresses.size === 0 && wrong.length === 0 && text.trim()) {
		wrong.push({ text: text.trim(), problem: 'is no address: one starts with 0x', at: 0 });
	}
	return { addresses: [...addresses], wrong };
}

/** Null for an address; mixed case must carry its checksum. */
export function problemOf(address: string): Omit<WrongAddress, 'text'> | null {
	const at = address.slice(2).search(/[^0-9a-f]/i);
	if (at >= 0) {
		const character = address[at + 2];
		return {
			problem: `has “${character}” at position ${at + 3}, which is no hex digit (0-9, a-f)`,
			at: at + 2,
		};
	}
	const count = address.length - 2;
	if (count !== 40) {
		const off = count < 40 ? `${40 - count} missing` : `${count - 40} too many`;
		return { problem: `has ${count} hex digits, an address has 40: ${off}`, at: null };
	}
	const digits = address.slice(2);
	const isMixed = /[a-f]/.test(digits) && /[A-F]/.test(digits);
	if (isMixed && checksummed(address) !== address) {
		return {
			problem:
				'has a wrong checksum: a character is mistyped. Copy it again, or write it in lower case',
			at: null,
		};
	}
	return null;
}

/** The chain whose explorer a pasted link leads to. */
export function chainOfLink(
	text: string,
	chains: readonly { id: number; explorerUrl: string | null }[],
): number | null {
	const host = /https?:\/\/([^/\s]+)/i.exec(text)?.[1]?.toLowerCase();
	if (!host) return null;
	const found = chains.find(({ explorerUrl }) => {
		const own = explorerUrl && URL.canParse(explorerUrl) ? new URL(explorerUrl).host : null;
		return own !== null && own.replace(/^www\./, '') === host.replace(/^www\./, '');
	});
	return found?.id ?? null;
}
