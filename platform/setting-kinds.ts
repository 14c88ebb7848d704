import { isIP } from 'node:net';
import { z } from 'zod';
import { upstreamNames } from '../domain/upstreams.ts';
import { mistakeInHosts } from './hosts.ts';

/** `kind` is the word for it in `docs/settings.md`. */
export const text = z.string().meta({ kind: 'text' });
export const port = z.coerce.number().int().min(0).max(65535).meta({ kind: 'port' });
export const count = z.coerce.number().int().min(1).meta({ kind: 'whole number' });
export const share = z.coerce.number().min(0).max(1).meta({ kind: 'number from 0 to 1' });
export const countOrNone = z.coerce.number().int().min(0).meta({ kind: 'whole number' });
export const bytes = count.meta({ kind: 'bytes' });
export const milliseconds = count.meta({ kind: 'milliseconds' });
export const flag = z.stringbool().meta({ kind: '`true` or `false`' });

export function url(...protocols: string[]) {
	return z
		.string()
		.refine((text) => isUrl(text, protocols), {
			error: `a URL that starts with ${protocols.join(' or ')}// is expected, its password percent-encoded`,
		})
		.meta({ kind: 'URL' });
}

/** A URL that may name several hosts. */
export function hosts(...protocols: string[]) {
	return z
		.string()
		.superRefine((text, context) => {
			const mistake = mistakeInHosts(text, protocols);
			if (mistake) context.addIssue(mistake);
		})
		.meta({ kind: 'URL' });
}

/** One URL, or `chainId=url` separated by commas. */
export const urls = z
	.string()
	.refine(
		(text) =>
			text
				.split(',')
				.every((part) => isUrl(part.replace(/^\s*[1-9]\d*=/, '').trim(), ['http:', 'https:'])),
		{ error: 'a URL, or chainId=URL separated by commas is expected' },
	)
	.meta({ kind: 'URL, or `chain=URL` list' });

const list = z.string().transform((text) =>
	text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== ''),
);

/** `KEY`, or `account:KEY`. */
export const keys = list
	.transform((texts) =>
		texts.map((text) => {
			const [, account, key] = /^([\w-]{1,40}):(.+)$/s.exec(text) ?? [];
			return { account: account ?? 'main', key: key ?? text };
		}),
	)
	.meta({ kind: 'list' });

const proxyNames = ['loopback', 'linklocal', 'uniquelocal'];

/** As `proxy-addr` takes them. */
export const proxies = list
	.refine((texts) => texts.every((text) => proxyNames.includes(text) || isNetwork(text)), {
		error: `addresses, networks as 10.0.0.0/8, or ${proxyNames.join(', ')}, separated by commas, are expected`,
	})
	.meta({ kind: 'list' });

export const sources = list.pipe(z.array(z.enum(upstreamNames)).min(1)).meta({ kind: 'list' });

/** Host names, in lower case. */
export const names = list
	.transform((texts) => texts.map((text) => text.toLowerCase()))
	.refine((texts) => texts.every((text) => /^(?:\*|[\w.-]+)$/.test(text)), {
		error: 'host names without a port, separated by commas, or * is expected',
	})
	.meta({ kind: 'list' });

/** As a browser writes them: scheme, host, and port where it is not the usual one. */
export const origins = list
	.refine((texts) => texts.every((text) => text === '*' || URL.parse(text)?.origin === text), {
		error: 'origins such as https://app.example, separated by commas, or * is expected',
	})
	.meta({ kind: 'list' });

function isNetwork(text: string): boolean {
	const [address = '', prefix] = text.split('/');
	const version = isIP(address);
	return (
		version > 0 &&
		(prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)))
	);
}

function isUrl(text: string, protocols: readonly string[]): boolean {
	const url = URL.parse(text);
	if (!url || !protocols.includes(url.protocol)) return false;
	try {
		decodeURIComponent(url.username + url.password);
		return true;
	} catch {
		return false;
	}
}
