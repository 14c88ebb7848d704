import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ops, readAlerts, readYaml } from './files.ts';
import { isMissing, runTool } from './tool.ts';

const folder = join(ops, '../docs/runbooks');
const boards = ['overview', 'cache', 'pipeline', 'infrastructure'].map(
	(name) => `verifeed-${name}`,
);

function runbookOf(url: string): string | undefined {
	return /^\{\{ \$externalURL \}\}\/user\/runbooks\/([a-z0-9-]+\.md)$/.exec(url)?.[1];
}

test('every alert names a runbook that is there, and every runbook has its alert', () => {
	const named = readAlerts().map(({ annotations }) => runbookOf(annotations.runbook_url));
	expect(new Set(named).size).toBe(named.length);
	expect(named.toSorted()).toEqual(readdirSync(folder).toSorted());
});

test('every runbook says what it means, where to look, what to do and when it is over', () => {
	for (const { alert, annotations } of readAlerts()) {
		const text = readFileSync(join(folder, runbookOf(annotations.runbook_url) ?? ''), 'utf8');
		const headings = text.split('\n').filter((line) => line.startsWith('#'));
		expect(headings, alert).toEqual([
			`# ${alert}`,
			...['## What it means', '## Look', '## Do', '## Over when'],
		]);
	}
});

test('every alert leads to a dashboard', () => {
	for (const { alert, annotations } of readAlerts()) {
		const uid = /^http:\/\/localhost:3000\/d\/([\w-]+)$/.exec(annotations.dashboard_url)?.[1];
		expect(boards, alert).toContain(uid);
	}
});

test('every setting that a runbook speaks of under "Do" can be set in ops/.env', () => {
	const textOf = (name: string) => readFileSync(join(ops, name), 'utf8');
	const settings = new Set(textOf('../docs/settings.md').match(/(?<=^\| `)[A-Z_]+(?=` \|)/gm));
	// All others reach our processes from there, as docker-compose itself is asked to show.
	const decided = new Set(textOf('compose.yaml').match(/(?<=^ {2})[A-Z][A-Z_]+(?=: (?!.*\$\{))/gm));
	expect(decided).toContain('HTTP_HOST');
	const named = readdirSync(folder).flatMap((name) => {
		const text = readFileSync(join(folder, name), 'utf8');
		const [, todo = ''] = /^## Do$(.*)^## Over when$/ms.exec(text) ?? [];
		return (todo.match(/[A-Z]+(?:_[A-Z]+)+/g) ?? []).filter((setting) => settings.has(setting));
	});
	expect(new Set(named).size).toBeGreaterThan(8);
	expect(named.filter((setting) => decided.has(setting))).toEqual([]);
});

test('every command of a runbook is one that npm run admin knows', async () => {
	const { createProgram } = await import('../admin/program.ts');
	const known = createProgram().commands.flatMap((one) =>
		one.commands.length === 0
			? [one.name()]
			: one.commands.map((inner) => `${one.name()} ${inner.name()}`),
	);
	const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
	const used = texts.flatMap((text) => [...text.matchAll(/npm run admin -- ([^`\n]+)/g)]);
	expect(used.length).toBeGreaterThan(5);
	for (const [, command = ''] of used) {
		expect(
			known.some((name) => command.startsWith(name)),
			command,
		).toBe(true);
	}
});

test('a program that only a container has is run in one that there is', () => {
	const services = Object.keys((readYaml('compose.yaml') as { services: object }).services);
	for (const name of readdirSync(folder)) {
		const text = readFileSync(join(folder, name), 'utf8');
		expect(text).not.toMatch(/`(?:amtool|node|mysql|redis-cli|rabbitmq[-\w]*|purge|show) [^`]+`/);
		for (const [, service] of text.matchAll(/compose\.yaml exec (\S+)/g)) {
			expect(services, name).toContain(service);
		}
	}
});

test.skipIf(isMissing('promtool'))('every query of a runbook can be asked', async () => {
	const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
	const spans = texts.flatMap((text) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code));
	const queries = spans.filter((code) =>
		/\b(rate|increase|changes)\(|_up\b|^up(?:\{|$)|_total\b/.test(code ?? ''),
	);
	expect(queries.length).toBeGreaterThan(15);
	const rules = [...new Set(queries)].map((expr, i) => ({ record: `runbook:query:${i}`, expr }));
	const place = mkdtempSync(join(tmpdir(), 'verifeed-runbooks-'));
	const file = join(place, 'rules.yml');
	writeFileSync(file, JSON.stringify({ groups: [{ name: 'runbooks', rules }] }));
	const { output, ok } = await runTool('promtool', ['check', 'rules', file]);
	rmSync(place, { recursive: true });
	expect(ok, output).toBe(true);
});
