import { type EtherscanItem, unverifiedItem } from '../../../sources/etherscan/format.ts';

const [start = '', end = ''] = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.9;

/// A counter for the contract ADDRESS alone.
contract Made {
	event Counted(address indexed by, uint256 value);

	mapping(address => uint256) private counts;
	uint256 public total;

	function count(uint256 value) external returns (uint256) {
		require(value > 0, "nothing to count");
		counts[msg.sender] += value;
		total += value;
		emit Counted(msg.sender, value);
		return counts[msg.sender];
	}

	function countOf(address by) external view returns (uint256) {
		return counts[by];
	}
}
`.split('ADDRESS');

const item: EtherscanItem = {
	...unverifiedItem,
	ABI: JSON.stringify([
		{ type: 'function', name: 'total', inputs: [], outputs: [{ type: 'uint256', name: '' }] },
	]),
	ContractName: 'Made',
	CompilerVersion: 'v0.8.9+commit.e5eed63a',
	CompilerType: 'solc-s',
	OptimizationUsed: '1',
	Runs: '200',
	LicenseType: 'MIT',
};

/** A verified contract for any address: nothing of it is kept, and no two have the same source. */
export function madeItem(address: string): EtherscanItem {
	return { ...item, SourceCode: `${start}${address.toLowerCase()}${end}` };
}
