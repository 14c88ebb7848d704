const imports = /^[ \t]*import\s+[^;]*;[ \t]*\r?\n?/gm;
const licence = /^\/\/ *SPDX-License-Identifier:.*\r?\n?/gm;

/**
 * One text from many files, as people flatten a project to verify it by hand: dependencies first,
 * imports gone, one licence line, because the compiler refuses a second.
 */
export function flatten(files: ReadonlyMap<string, string>, entry: string): string {
	const [ownLicence] = files.get(entry)?.match(licence) ?? [];
	const parts = [...files].map(
		([name, content]) =>
			`// File: ${name}\n\n${content.replace(imports, '').replace(licence, '').trim()}\n`,
	);
	return (ownLicence ? [`${ownLicence.trim()}\n`, ...parts] : parts).join('\n');
}
