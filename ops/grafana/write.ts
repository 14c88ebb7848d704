import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles } from './dashboards.ts';

const folder = join(import.meta.dirname, 'dashboards');
mkdirSync(folder, { recursive: true });
for (const [name, text] of dashboardFiles()) writeFileSync(join(folder, name), text);
