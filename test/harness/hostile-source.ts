/** What a stranger may verify: markup, characters that cannot be seen, names that are paths or code, much of it. */
export const hostile = {
	name: '<img src=x onerror="window.hacked=1">',
	/** Opened first, as nothing says which file defines a contract of that name. */
	files: {
		'"><script>window.hacked=1</script>.sol': 'contract A {}\n',
		'../../../etc/passwd': 'contract B {}\n',
		'': 'contract C {}\n',
		abi: 'contract D {}\n',
		'bidi\u202egpj.sol': 'contract E {}\n',
		'contracts/Evil.sol': [
			'<script>window.hacked = 1</script>',
			'<img src=x onerror="window.hacked=1"><svg onload="window.hacked=1">',
			'function f() { /*\u202e } \u2066if (isAdmin)\u2069 \u2066 begin admins only */',
			'zero\u200bwidth',
			'',
		].join('\n'),
		'contracts/Large.sol': `${'    uint256 constant a = 1; // one of many\n'.repeat(16_000)}// the end\n`,
		'javascript:alert(1)': 'contract F {}\n',
	} as Record<string, string>,
};

/** As Etherscan has it. */
export function hostileItem() {
	const sources = Object.fromEntries(
		Object.entries(hostile.files).map(([path, content]) => [path, { content }]),
	);
	const input = { language: 'Solidity', sources, settings: {} };
	return {
		SourceCode: `{${JSON.stringify(input)}}`,
		ABI: JSON.stringify([{ type: 'function', name: '<b>f</b>', inputs: [], outputs: [] }]),
		ContractName: hostile.name,
		CompilerVersion: 'v0.8.9+commit.e5eed63a',
		LicenseType: '</script><script>window.hacked=1</script>',
	};
}
