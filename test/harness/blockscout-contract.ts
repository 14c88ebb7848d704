import { parseAddress } from '../../domain/address.ts';

export const address = parseAddress('0x00000000219ab540356cbb839cbe05303d7705fa');
export const twin = '0x1111111111111111111111111111111111111111';
export const other = '0x2222222222222222222222222222222222222222';

/** What Blockscout says of a verified contract of two files; for tests. */
export const verified = {
	verified_twin_address_hash: null,
	is_verified: true,
	is_changed_bytecode: false,
	is_partially_verified: false,
	is_fully_verified: true,
	is_verified_via_sourcify: false,
	is_verified_via_eth_bytecode_db: false,
	is_verified_via_verifier_alliance: false,
	is_vyper_contract: false,
	proxy_type: null,
	implementations: [],
	conflicting_implementations: null,
	name: 'Token',
	compiler_version: 'v0.8.17+commit.8df45f5f',
	optimization_enabled: true,
	optimization_runs: 200,
	evm_version: 'paris',
	verified_at: '2024-02-23T02:27:13.673983Z',
	abi: [{ type: 'function', name: 'f' }],
	source_code: 'import "./Math.sol";\r\ncontract Token {}\r\n',
	file_path: 'src/Token.sol',
	additional_sources: [{ file_path: 'src/Math.sol', source_code: 'library Math {}' }],
	compiler_settings: null as unknown,
	external_libraries: [],
	constructor_args: '00ff',
	language: 'solidity',
	license_type: 'mit',
	deployed_bytecode: '0x6001',
	creation_bytecode: '0x6001',
};

/** Of an address with code and nothing verified. */
export const unverified = {
	has_custom_methods_read: false,
	has_custom_methods_write: false,
	proxy_type: null,
	implementations: [],
	conflicting_implementations: null,
	is_self_destructed: false,
	deployed_bytecode: '0x6001',
	creation_bytecode: '0x6001',
};

export const limits = { origin: 'eth.example', address, maxSourceBytes: 1_000_000 };
