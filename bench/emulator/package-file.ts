import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** A file of an installed package, by the name it is installed under and the path inside it. */
export function packageFile(name: string, path: string): string {
	return join(dirname(require.resolve(`${name}/package.json`)), path);
}
