import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { people, watchdog } from './receivers.ts';
import type { AlertSettings } from './settings.ts';

const local = 'http://localhost:3000';

const routesSchema = z.looseObject({ receivers: z.array(z.object({ name: z.string() })) });

/**
 * Writes Alertmanager's configuration (JSON, which is YAML too) and its templates beside it. It holds secrets, so
 * only its owner may read it.
 */
export function writeAlertmanager(file: string, settings: AlertSettings): void {
	const beside = (name: string) => join(import.meta.dirname, name);
	const routes = routesSchema.parse(parse(readFileSync(beside('alertmanager.yml'), 'utf8')));
	const receivers = routes.receivers.map(({ name }) => ({
		name,
		...(name === 'watchdog' ? watchdog(settings) : people(settings)),
	}));
	// The rules know Grafana by its address here alone.
	const grafana = (settings.GRAFANA_URL ?? local).replace(/\/+$/, '');
	const templates = readFileSync(beside('verifeed.tmpl'), 'utf8');
	writeFileSync(
		join(dirname(file), 'verifeed.tmpl'),
		templates.replace(`"${local}" }}`, () => `${JSON.stringify(grafana)} }}`),
	);
	const text = `${JSON.stringify({ ...routes, receivers }, null, '\t')}\n`;
	writeFileSync(`${file}.new`, text, { mode: 0o600 });
	renameSync(`${file}.new`, file);
}
