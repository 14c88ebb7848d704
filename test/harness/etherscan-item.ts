/** An item of `getsourcecode` with every field that Etherscan sends; for tests. */
export const plainItem = {
	SourceCode: 'contract Token {}',
	ABI: '[{"type":"function","name":"f"}]',
	ContractName: 'Token',
	CompilerVersion: ' v0.8.17+commit.8df45f5f ',
	CompilerType: 'solc-s',
	OptimizationUsed: '1',
	Runs: '200',
	ConstructorArguments: '00ff',
	EVMVersion: 'Default',
	Library: '',
	ContractFileName: '',
	LicenseType: 'MIT',
	Proxy: '0',
	Implementation: '',
	SwarmSource: '',
	SimilarMatch: '',
};

export const itemLimits = { origin: 'api.example', maxSourceBytes: 1_000_000 };
