/** For Node.js: the process' packages are imported without reading their package.json over and over. */
export const quickly: readonly string[] = [
	'--import',
	new URL('../quick-imports.ts', import.meta.url).href,
];
