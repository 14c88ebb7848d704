import type { Redact } from '../../domain/redact.ts';

/** Upstream text as it may be kept: without secrets, on one line and short. */
export function excerpt(text: string, redact: Redact): string {
	// Redacted before it is cut, so that no half of a secret stays.
	const line = redact(text)
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
	return line.length > 200 ? `${line.slice(0, 199)}…`.toWellFormed() : line.toWellFormed();
}
