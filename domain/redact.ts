/** Takes secrets out of a text, in every form in which it may hold them. */
export type Redact = (text: string) => string;

export const redacted = '[redacted]';

/**
 * Hides the given secrets, and whatever stands where a secret stands: in URLs, parameters and headers. Takes time in
 * proportion to the text, whatever is in it; done twice it changes nothing more.
 */
export function createRedact(secrets: readonly string[]): Redact {
	const forms = new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf));
	// The longest first: a key may begin with another key.
	const sorted = [...forms].sort((a, b) => b.length - a.length).map(literal);
	const secret = sorted.length > 0 ? new RegExp(sorted.join('|'), 'gi') : null;
	return (text) => hidePlaces(secret ? text.replace(secret, redacted) : text);
}

/** Whether what has this name is a secret. */
export function isSecretName(name: string): boolean {
	return secretName.test(name.replace(/[-_.\s]/g, ''));
}

const secretName =
	/(?:password|passwd|passphrase|secret|token|authorization|cookie|credential|signature|apikey|accesskey|privatekey|secretkey|authkey|sessionid)s?$|^(?:pwd|pass|auth|jwt)$/i;

const name =
	'(?:passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private|secret|auth)[-_]?key|signature|credential|session[-_]?id|jwt)s?';
const header = '(?:(?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?api-key|x-auth-token)';
// A part that can be long is never followed by one that may fail: each place is passed once.
const quoted = String.raw`\\"[^"]*"?|"[^"\\]*(?:\\[^][^"\\]*)*"?|\\?'[^']*'?`;
const equals = String.raw`\\?["']?\s{0,3}=\s{0,3}|\\?["']\s{0,3}:\s{0,3}|\s{0,3}:\s{0,3}(?=\\?["'])`;

const places: readonly RegExp[] = [
	new RegExp(String.raw`(${header}\\?["']?\s{0,3}[:=]\s{0,3})(${quoted}|[^\r\n]+)`, 'gi'),
	new RegExp(String.raw`(${name}(?:${equals}))(${quoted}|[^&\s"'<>]+)`, 'gi'),
	/([?&](?:key|auth|sig|pass)=)([^&\s"'<>]+)/gi,
	// As a header or in YAML. Servers say `using password: YES` of what they were given.
	/((?:passw(?:or)?d|passphrase|(?:api|access|private|secret)[-_]?key|client[-_]secret): {1,3})(?!yes\b|no\b)([^\s"'<>[]+)/gi,
	/(\bbearer\s+)([\w.~+/=-]{6,})/gi,
	/(\bBasic )([A-Za-z0-9+/]{8,}={0,2})/g,
];
const user = /:\/\/[^\s/?#"'<>]*@/g;
const maybe =
	/:\/\/|pass|pwd|secret|token|key|auth|cookie|credential|sig|session|jwt|bearer|basic/i;

function hidePlaces(text: string): string {
	if (!maybe.test(text)) return text;
	const rest = places.reduce((rest, place) => rest.replace(place, hideValue), text);
	return rest.replace(user, `://${redacted}@`);
}

/** Quotes stay, so that JSON stays JSON. */
function hideValue(_all: string, before: string, value: string): string {
	const [quote = ''] = /^\\?["']/.exec(value) ?? [];
	return `${before}${quote}${redacted}${quote}`;
}

function formsOf(secret: string): string[] {
	const query = new URLSearchParams({ secret }).toString().slice('secret='.length);
	const json = JSON.stringify(secret).slice(1, -1);
	return [secret, encodeURIComponent(secret.toWellFormed()), query, json];
}

function literal(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
