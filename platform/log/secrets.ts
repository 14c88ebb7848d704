import { upstreamNames } from '../../domain/upstreams.ts';
import { type Config, termsOf } from '../config.ts';
import { eachHost } from '../hosts.ts';

/** The secrets in a configuration: none of them may appear in a log. */
export function secretsOf(config: Config): string[] {
	const upstreams = upstreamNames.map((name) => termsOf(config, name));
	const urls = [
		...[config.MYSQL_URL, config.RABBITMQ_URL, config.REDIS_URL],
		...[config.LOKI_URL, config.OTEL_EXPORTER_OTLP_ENDPOINT],
		...upstreams.flatMap(({ url }) => url.split(',').map((part) => part.replace(/^\s*\d+=/, ''))),
	];
	const passwords = urls.flatMap((text) => (text === undefined ? [] : passwordsIn(text)));
	const keys = upstreams.flatMap(({ keys }) => keys.map(({ key }) => key));
	return [...new Set([...keys, ...passwords])].filter((text) => text.length > 3);
}

/** As they stand in the URL, as they are, and with their user as a header has both. */
function passwordsIn(text: string): string[] {
	const [one = text] = eachHost(text);
	const { username, password, searchParams } = new URL(one);
	const sentinels = searchParams.get('sentinelPassword') ?? '';
	const plain = decodeURIComponent(password);
	const both = plain && Buffer.from(`${decodeURIComponent(username)}:${plain}`).toString('base64');
	return [password, plain, both, sentinels];
}
