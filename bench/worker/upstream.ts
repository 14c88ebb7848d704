import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EtherscanItem, okBody, unverifiedItem } from '../../sources/etherscan/format.ts';
import { readCatalogue } from '../emulator/catalogue.ts';
import { loadContract } from '../emulator/load.ts';

/** An upstream that answers at once, without limits: each address has 20 KB of real source, and an ABI, of its own. */
const size = 20_000;
const entry = readCatalogue().find(({ name }) => name === 'EAS');
if (!entry) throw new Error('the catalogue has no EAS');
const { files, abi } = await loadContract(entry);
const mark = '0x@address@';
const source = `// ${mark}\n${[...files.values()].join('\n')}`.slice(0, size);
const item: EtherscanItem = {
	...unverifiedItem,
	SourceCode: source,
	ABI: JSON.stringify([...abi.slice(0, 20), { type: 'error', name: `Of${mark}`, inputs: [] }]),
	ContractName: 'EAS',
	CompilerVersion: entry.compiler,
	OptimizationUsed: '1',
	Runs: '200',
	LicenseType: 'MIT',
};
const parts = JSON.stringify(okBody([item])).split(mark);

const server = createServer((request, response) => {
	const address = /[?&]address=(0x[0-9a-fA-F]{40})/.exec(request.url ?? '')?.[1];
	// It has no list of chains: the product keeps the one that it brings.
	if (!address) return void response.writeHead(404).end();
	const body = Buffer.from(parts.join(address));
	const headers = { 'content-type': 'application/json', 'content-length': body.length };
	response.writeHead(200, headers).end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
	// A server that listens on a port has an address of this kind.
	const { port } = server.address() as AddressInfo;
	console.log(JSON.stringify({ message: 'ready', port }));
});
