/** Takes secrets out of a text, in every form in which it may hold them. */
export type Redact = (text: string) => string;

const mark = '[redacted]';

export function createRedact(secrets: readonly string[]): Redact {
	const forms = new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf));
	// The longest first: a key may begin with another key.
	const sorted = [...forms].sort((a, b) => b.length - a.length).map(literal);
	const secret = sorted.length > 0 ? new RegExp(sorted.join('|'), 'gi') : null;
	return (text) => {
		const hidden = secret ? text.replace(secret, mark) : text;
		return hidden.replace(/(api_?key=)[^&\s"'<>]+/gi, `$1${mark}`);
	};
}

/** Upstream text as it may be kept: without secrets, on one line and short. */
export function excerpt(text: string, redact: Redact): string {
	// Redacted before it is cut, so that no half of a secret stays.
	const line = redact(text)
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
	return line.length > 200 ? `${line.slice(0, 199)}…`.toWellFormed() : line.toWellFormed();
}

function formsOf(secret: string): string[] {
	const query = new URLSearchParams({ secret }).toString().slice('secret='.length);
	const json = JSON.stringify(secret).slice(1, -1);
	return [secret, encodeURIComponent(secret.toWellFormed()), query, json];
}

function literal(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
