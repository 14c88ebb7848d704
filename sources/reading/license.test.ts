import { expect, test } from 'vitest';
import { licenseIn } from './license.ts';

test.each([
	['// SPDX-License-Identifier: MIT\npragma solidity 0.8.19;', 'MIT'],
	['// SPDX-License-Identifier: GPL-2.0-or-later\r\n', 'GPL-2.0-or-later'],
	['/* SPDX-License-Identifier: (MIT OR Apache-2.0) */', '(MIT OR Apache-2.0)'],
	['//SPDX-License-Identifier:MIT', 'MIT'],
	['\uFEFF// SPDX-License-Identifier: MIT', 'MIT'],
	['// SPDX-License-Identifier: UNLICENSED', 'UNLICENSED'],
	['// SPDX-License-Identifier: NONE', null],
	['// SPDX-License-Identifier: <script>', null],
	['// SPDX-License-Identifier:\nMIT', null],
	['contract C {}', null],
	['', null],
	// Only comments count.
	['string x = "SPDX-License-Identifier: MIT";', null],
	["string x = '// SPDX-License-Identifier: MIT';", null],
	['SPDX-License-Identifier: MIT', null],
	[
		'string x = "SPDX-License-Identifier: MIT";\n/* SPDX-License-Identifier: (Apache-2.0 OR MIT) */\n',
		'(Apache-2.0 OR MIT)',
	],
	['string x = "never closed\n// SPDX-License-Identifier: MIT', 'MIT'],
	// Of two that contradict neither is shown.
	['// SPDX-License-Identifier: MIT\n// SPDX-License-Identifier: GPL-3.0', null],
	['/* SPDX-License-Identifier: MIT\nSPDX-License-Identifier: GPL-3.0 */', null],
	['// SPDX-License-Identifier: NONE\n// SPDX-License-Identifier: MIT', null],
	['// SPDX-License-Identifier: MIT\n// SPDX-License-Identifier: mit', 'mit'],
	// Vyper's tag means nothing in Solidity.
	['/// @license MIT', null],
])('%j in Solidity states the licence %j', (text, license) => {
	expect(licenseIn(text, 'Solidity')).toBe(license);
});

test.each([
	['# SPDX-License-Identifier: AGPL-3.0', 'AGPL-3.0'],
	['# @version 0.3.10\n"""\n@title Vault\n@license MIT\n"""\nx: uint256\n', 'MIT'],
	['"""\r\n@license MIT\r\n"""', 'MIT'],
	["'''\n@license MIT\n'''", 'MIT'],
	['# @license MIT', 'MIT'],
	[
		'"""\n@license GNU Affero General Public License v3.0 only\n"""',
		'GNU Affero General Public License v3.0 only',
	],
	['# SPDX-License-Identifier: MIT\n"""\n@license MIT\n"""', 'MIT'],
	['# SPDX-License-Identifier: GPL-3.0\n"""\n@license MIT\n"""', null],
	['"""\n@license MIT\n@license GPL-3.0\n"""', null],
	['"""\n@license\nMIT\n"""', null],
	['"""\n@licensed MIT\n"""', null],
	// Only comments and what documents the file count.
	['x: constant(String[20]) = "@license MIT"', null],
	['x: constant(String[20]) = "# @license MIT"', null],
	['x: constant(String[20]) = """\n@license MIT\n"""', null],
	['def f():\n    """\n    @license MIT\n    """', null],
	['# it\'s "quoted\n"""\n@license MIT\n"""', 'MIT'],
	['@license MIT', null],
	['"""\n@license MIT', 'MIT'],
])('%j in Vyper states the licence %j', (text, license) => {
	expect(licenseIn(text, 'Vyper')).toBe(license);
});

test.each(['Solidity', 'Vyper'])('a hostile identifier in %s is kept short', (language) => {
	const text = `SPDX-License-Identifier: ${'x '.repeat(1_000_000)}`;
	expect(licenseIn(`// ${text}`, 'Solidity')?.length).toBeLessThanOrEqual(100);
	expect(licenseIn(`# ${text}`, language)?.length ?? 0).toBeLessThanOrEqual(100);
});

test.each(['#', '"""', "'''\\", '"\\', '/*', "'"])(
	'a text of nothing but %j is read to its end',
	(part) => {
		const text = part.repeat(1_000_000 / part.length);
		expect(licenseIn(text, 'Vyper')).toBeNull();
		expect(licenseIn(text, 'Solidity')).toBeNull();
	},
);
