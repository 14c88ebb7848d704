import { upstreams } from '../../domain/upstreams.ts';
import type { InstanceState } from './instance.ts';
import type { MonitoringUrls } from './monitoring.ts';
import type { Settings } from './settings.ts';

export type Facts = {
	httpPort: number;
	/** Of the page as `npm run dev` serves it. */
	pageUrl: string | undefined;
	metricsPort: number;
	managementUrl: string | undefined;
	monitoring: MonitoringUrls;
	dataFolder: string;
	upstream: string;
};

/** The addresses of a running `npm start`, by label. */
export function addresses(facts: Facts): Record<string, string> {
	const { httpPort, pageUrl, metricsPort, managementUrl, monitoring, dataFolder } = facts;
	return {
		Page: `http://localhost:${httpPort}/${pageUrl ? `, as it is saved: ${pageUrl}` : ''}`,
		GraphiQL: `http://localhost:${httpPort}/graphql`,
		WebSocket: `ws://localhost:${httpPort}/graphql`,
		Metrics: `http://localhost:${metricsPort}/metrics (server), http://localhost:${metricsPort + 1}/metrics (worker)`,
		Status: `http://localhost:${metricsPort} (server), http://localhost:${metricsPort + 1} (worker)`,
		...Object.fromEntries(monitoringLines(monitoring)),
		...(managementUrl && {
			RabbitMQ: `${managementUrl} (user verifeed, password in ${dataFolder}/rabbitmq/password)`,
		}),
		Upstream: facts.upstream,
	};
}

/** Label and address of each part of the monitoring that has one. */
export function monitoringLines(urls: MonitoringUrls): [label: string, address: string][] {
	const { prometheusUrl, alertsUrl, alertmanagerUrl } = urls;
	const fires = alertsUrl ? `, what fires: ${alertsUrl}` : '';
	return [
		...(prometheusUrl ? [['Prometheus', `${prometheusUrl}/graph${fires}`] as const] : []),
		...(alertmanagerUrl ? [['Alertmanager', alertmanagerUrl] as const] : []),
	].map(([label, address]) => [label, address]);
}

/** What is shown once everything is up. */
export function banner(facts: Facts): string {
	const query =
		'mutation { submitContract(address: \\"0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\\", chainId: 1) { status version } }';
	return [
		'',
		'Verifeed is up.',
		'',
		table(addresses(facts)),
		'',
		'Open the page, or submit WETH9, one of the bundled contracts:',
		'',
		`  curl -s http://localhost:${facts.httpPort}/graphql -H 'content-type: application/json' -d '{"query":"${query}"}'`,
		'',
		'Ctrl-C ends everything; the data stays.',
		'',
	].join('\n');
}

type Upstreams = Pick<Settings, 'etherscanKeys' | 'etherscanUrl' | 'sources'>;

/** Who answers for the source code, in the order of asking, said exactly. */
export function upstreamLine(asked: Upstreams, contracts: number): string {
	const titles: Record<string, string> = {
		...Object.fromEntries(Object.entries(upstreams).map(([name, { title }]) => [name, title])),
		etherscan: etherscanLine(asked, contracts),
	};
	return asked.sources.map((name) => titles[name] ?? name).join(', then ');
}

function etherscanLine({ etherscanKeys, etherscanUrl }: Upstreams, contracts: number): string {
	const keys = etherscanKeys === 1 ? '1 key' : `${etherscanKeys === 0 ? 'no' : etherscanKeys} keys`;
	if (etherscanUrl) return `${new URL(etherscanUrl).origin} (ETHERSCAN_URL) with ${keys}`;
	if (etherscanKeys > 0) return `live Etherscan with ${keys}`;
	return `the bundled emulator as Etherscan (${contracts} real contracts, no key set)`;
}

/** What a second command says when the first one holds the place. */
export function alreadyRunning({ command, pid, ready, urls }: InstanceState): string {
	const state = ready ? 'runs already' : 'is already starting';
	const lines = [`${command} ${state} in this folder (pid ${pid}).`];
	if (Object.keys(urls).length > 0) lines.push(table(urls));
	lines.push(`End it first: Ctrl-C there, or kill ${pid}`);
	return lines.join('\n');
}

function table(rows: Record<string, string>): string {
	return Object.entries(rows)
		.map(([label, value]) => `  ${label.padEnd(12)} ${value}`)
		.join('\n');
}
