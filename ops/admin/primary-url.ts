import { eachHost, hostAndPort } from '../../platform/hosts.ts';
import { connectToPrimary } from '../../platform/mysql/primary.ts';

/** The URL of the one host that takes writes, for programs that know one host only. */
export async function primaryUrl(text: string): Promise<URL> {
	const urls = eachHost(text).map((one) => new URL(one));
	const [only] = urls;
	if (only && urls.length === 1) return only;
	const connection = await connectToPrimary(text, { connectTimeout: 5_000 });
	const { host, port } = connection.config;
	connection.destroy();
	const found = urls.find((url) => {
		const one = hostAndPort(url, 3306);
		return one.host === host && one.port === port;
	});
	if (!found) throw new Error('MYSQL_URL names no host that was connected to');
	return found;
}
