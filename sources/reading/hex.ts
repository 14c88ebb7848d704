/** Hex digits as an upstream wrote them, with 0x; 0x alone for a text that is none. */
export function hexOf(text: string): string {
	const digits = text.trim().replace(/^0x/i, '');
	return /^[0-9a-f]*$/i.test(digits) ? `0x${digits}` : '0x';
}
