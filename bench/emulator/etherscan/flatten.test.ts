import { expect, test } from 'vitest';
import { importsOf } from '../load.ts';
import { flatten } from './item.ts';

test('a flattened contract has no imports and one licence line', () => {
	const files = new Map([
		['a/Base.sol', '// SPDX-License-Identifier: MIT\npragma solidity ^0.6.0;\ncontract Base {}\n'],
		[
			'Top.sol',
			'// SPDX-License-Identifier: GPL-3.0\nimport "./a/Base.sol";\ncontract Top is Base {}\n',
		],
	]);
	expect(flatten(files, 'Top.sol')).toBe(
		[
			'// SPDX-License-Identifier: GPL-3.0\n',
			'// File: a/Base.sol\n',
			'pragma solidity ^0.6.0;\ncontract Base {}\n',
			'// File: Top.sol\n',
			'contract Top is Base {}\n',
		].join('\n'),
	);
});

test('imports are found in every way of writing them', () => {
	const source = [
		'import "./A.sol";',
		"import {B, C as D} from '../B.sol';",
		'import * as E from "@scope/e/E.sol";',
		'import {',
		'  F',
		'} from "./F.sol";',
		'// import "./commented.sol";',
	].join('\n');
	expect(importsOf(source)).toEqual(['./A.sol', '../B.sol', '@scope/e/E.sol', './F.sol']);
});
