import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Bom {
	bomFormat: string;
	components: { purl: string; licenses?: unknown[] }[];
}

test('the bill of materials names each package that production installs, with its licence', () => {
	const folder = mkdtempSync(join(tmpdir(), 'verifeed-sbom-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const file = join(folder, 'sbom.json');
	execFileSync(process.execPath, [join(root, 'ops', 'sbom.ts'), file]);
	const { bomFormat, components } = JSON.parse(readFileSync(file, 'utf8')) as Bom;
	const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, { version: string; dev?: boolean; optional?: boolean }>;
	};
	const production = Object.entries(lock.packages).flatMap(([path, { version, dev }]) =>
		path === '' || dev
			? []
			: `pkg:npm/${path.replace(/^.*node_modules\//, '').replace('@', '%40')}@${version}`,
	);
	expect(bomFormat).toBe('CycloneDX');
	expect(new Set(components.map(({ purl }) => purl))).toEqual(new Set(production));
	expect(components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
});
