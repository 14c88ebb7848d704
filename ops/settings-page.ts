import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { renamed, settingGroups } from '../platform/settings.ts';

export const settingsFile = join(import.meta.dirname, '../docs/settings.md');

const intro = `# Settings

<!-- Made by \`npm run settings\` from platform/settings.ts: change it there. -->

Settings are environment variables, or lines in \`.env\` (see [.env.example](../.env.example)); the environment wins.
Wrong and missing ones are reported all together, by name, when a process starts. An empty value counts as not set.
`;

/** \`docs/settings.md\`: a table for each group of settings. */
export function settingsPage(): string {
	const groups = Object.entries(settingGroups).map(([title, group]) => {
		const rows = Object.entries(group).map(([name, setting]) => row(name, setting));
		const head = ['| name | value | default | what it sets |', '| --- | --- | --- | --- |'];
		return ['', `## ${title}`, '', ...head, ...rows, ''].join('\n');
	});
	return [intro, ...groups].join('');
}

function row(name: string, setting: z.ZodType): string {
	const { description = '', unset = 'none', secret } = setting.meta() ?? {};
	const { value, kind } = inside(setting);
	const former = Object.entries(renamed).find(([, now]) => now === name)?.[0];
	const notes = [
		description,
		secret ? 'Kept out of logs.' : '',
		former ? `Formerly \`${former}\`, accepted until 0.3.` : '',
	];
	const cells = [`\`${name}\``, kind, value ?? unset, notes.filter(Boolean).join(' ')];
	return `| ${cells.join(' | ')} |`;
}

/** What a setting is when nothing is set, and the word for its values. */
function inside(setting: z.ZodType): { value?: string; kind: string } {
	if (setting instanceof z.ZodDefault) {
		const { defaultValue, innerType } = setting.def;
		const value = Array.isArray(defaultValue) ? undefined : `\`${defaultValue}\``;
		return { ...inside(innerType as z.ZodType), ...(value && { value }) };
	}
	if (setting instanceof z.ZodOptional) return inside(setting.def.innerType as z.ZodType);
	if (setting instanceof z.ZodEnum)
		return { kind: setting.options.map((one) => `\`${one}\``).join(', ') };
	return { kind: String(setting.meta()?.['kind']) };
}

if (import.meta.main) writeFileSync(settingsFile, settingsPage());
