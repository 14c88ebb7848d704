import { expect, test } from 'vitest';
import { licenseIn } from '../sourcify/fields.ts';

test.each([
	['// SPDX-License-Identifier: MIT\npragma solidity 0.8.19;', 'MIT'],
	['// SPDX-License-Identifier: GPL-2.0-or-later\r\n', 'GPL-2.0-or-later'],
	['/* SPDX-License-Identifier: (MIT OR Apache-2.0) */', '(MIT OR Apache-2.0)'],
	['//SPDX-License-Identifier:MIT', 'MIT'],
	['# SPDX-License-Identifier: AGPL-3.0', 'AGPL-3.0'],
	['// SPDX-License-Identifier: MIT\n// SPDX-License-Identifier: GPL-3.0', 'MIT'],
	['// SPDX-License-Identifier: UNLICENSED', 'UNLICENSED'],
	['// SPDX-License-Identifier: NONE', null],
	['// SPDX-License-Identifier: <script>', null],
	['// SPDX-License-Identifier:\nMIT', null],
	['contract C {}', null],
	['', null],
])('%j states the licence %j', (text, license) => {
	expect(licenseIn(text)).toBe(license);
});

test('a hostile identifier is kept short', () => {
	const text = `// SPDX-License-Identifier: ${'x '.repeat(1_000_000)}`;
	expect(licenseIn(text)?.length).toBeLessThanOrEqual(100);
});
