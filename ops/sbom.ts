import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const [file = join(root, '.data', 'sbom.json')] = process.argv.slice(2);

const text = billOfMaterials();
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, text);
const { components } = JSON.parse(text) as { components: unknown[] };
console.log(`${file}: CycloneDX, ${components.length} packages that production installs`);

/** What npm makes of the lock file without what is for development: its own `--omit=dev` leaves out too much, such as graphql. */
function billOfMaterials(): string {
	const folder = mkdtempSync(join(tmpdir(), 'verifeed-sbom-'));
	// npm calls the product by the name of its folder.
	const product = join(folder, 'verifeed');
	mkdirSync(product);
	try {
		for (const name of ['package.json', 'package-lock.json']) {
			const json: unknown = JSON.parse(readFileSync(join(root, name), 'utf8'), withoutDevelopment);
			writeFileSync(join(product, name), JSON.stringify(json));
		}
		return npm(['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], product);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function withoutDevelopment(name: string, value: unknown): unknown {
	const isForDevelopment =
		name === 'devDependencies' ||
		(typeof value === 'object' && value !== null && 'dev' in value && value.dev === true);
	return isForDevelopment ? undefined : value;
}

/** The npm that was called: the Node that runs this is pinned and has none. */
function npm(args: readonly string[], cwd: string): string {
	const { npm_execpath: script, npm_node_execpath: node = 'node' } = process.env;
	const [program, head] = script ? [node, [script]] : ['npm', []];
	return execFileSync(program, [...head, ...args], { cwd, encoding: 'utf8' });
}
