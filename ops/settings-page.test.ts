import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingGroups, settings } from '../platform/settings.ts';
import { settingsFile, settingsPage } from './settings-page.ts';

test('docs/settings.md is what the settings say; after a change run npm run settings', () => {
	expect(readFileSync(settingsFile, 'utf8')).toBe(settingsPage());
});

test('every setting has a group, a kind and a description', () => {
	const grouped = Object.values(settingGroups).flatMap((group) => Object.keys(group));
	expect(grouped.toSorted()).toEqual(Object.keys(settings.shape).toSorted());
	const rows = settingsPage().match(/^\| `[A-Z].*$/gm) ?? [];
	expect(rows).toHaveLength(grouped.length);
	for (const row of rows) expect(row).toMatch(/^\| `[A-Z_]+` \| (?!undefined).+ \| .+ \| .+\. \|$/);
});
