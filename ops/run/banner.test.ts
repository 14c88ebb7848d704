import { expect, test } from 'vitest';
import { alreadyRunning, banner, upstreamLine } from './banner.ts';

const facts = {
	httpPort: 4100,
	pageUrl: undefined,
	metricsPort: 9500,
	managementUrl: 'http://127.0.0.1:15672',
	monitoring: {
		prometheusUrl: 'http://localhost:9090',
		alertsUrl: 'http://localhost:9090/classic/alerts',
		alertmanagerUrl: 'http://localhost:9094',
	},
	dataFolder: '.data',
	upstream: 'somebody',
};

test('the banner names every address, and a command that a shell reads as one', () => {
	const text = banner(facts);
	for (const part of [
		'http://localhost:4100/\n',
		'http://localhost:4100/graphql',
		'ws://localhost:4100/graphql',
		'http://localhost:9500/metrics (server)',
		'http://localhost:9501/metrics (worker)',
		'http://localhost:9500 (server)',
		'http://localhost:9090/graph, what fires: http://localhost:9090/classic/alerts',
		'http://localhost:9094',
		'http://127.0.0.1:15672',
		'somebody',
	]) {
		expect(text).toContain(part);
	}
	const body = /-d '(.*)'$/m.exec(text)?.[1] ?? '';
	expect(JSON.parse(body).query).toContain('"0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"');
});

test('who works on the page is told where it is seen as it is saved', () => {
	const pageUrl = 'http://localhost:5173/';
	expect(banner({ ...facts, pageUrl })).toContain('as it is saved: http://localhost:5173/');
});

test('a RabbitMQ that is not ours is not named', () => {
	expect(banner({ ...facts, managementUrl: undefined })).not.toContain('RabbitMQ');
});

test('what does not run is not named', () => {
	expect(banner({ ...facts, monitoring: {} })).not.toMatch(/Prometheus|Alertmanager|what fires/);
});

test('who answers upstream is said exactly', () => {
	const sources = ['etherscan', 'sourcify'];
	const none = { etherscanKeys: 0, etherscanUrl: undefined, sources };
	expect(upstreamLine(none, 52)).toBe(
		'the bundled emulator as Etherscan (52 real contracts, no key set), then Sourcify',
	);
	const one = { ...none, etherscanKeys: 1, sources: ['sourcify', 'etherscan', 'blockscout'] };
	expect(upstreamLine(one, 0)).toBe('Sourcify, then live Etherscan with 1 key, then Blockscout');
	const three = { ...none, etherscanKeys: 3, sources: ['etherscan'] };
	expect(upstreamLine(three, 0)).toBe('live Etherscan with 3 keys');
	const own = { ...three, etherscanKeys: 0, etherscanUrl: 'http://127.0.0.1:7/v2/api?secret=1' };
	expect(upstreamLine(own, 0)).toBe('http://127.0.0.1:7 (ETHERSCAN_URL) with no keys');
	expect(upstreamLine({ ...none, sources: ['sourcify'] }, 0)).toBe('Sourcify');
});

test('a second start says what runs, where, and how to end it', () => {
	const state = { command: 'npm start', pid: 42, ready: true, urls: { GraphiQL: 'http://x' } };
	const text = alreadyRunning(state);
	expect(text).toContain('npm start runs already in this folder (pid 42)');
	expect(text).toContain('GraphiQL     http://x');
	expect(text).toContain('kill 42');
	expect(alreadyRunning({ ...state, ready: false })).toContain('is already starting');
});
