import { packagesFor } from '../services/advice.ts';
import { ensurePrograms, findProgram, MissingPrograms } from '../services/programs.ts';

const needed = ['prometheus', 'prometheus-alertmanager'] as const;
const exporters = [
	...(['prometheus-node-exporter', 'prometheus-mysqld-exporter'] as const),
	'prometheus-redis-exporter',
] as const;
export const monitoringPrograms = [...needed, ...exporters] as const;

/**
 * Installs what is missing where it may; otherwise says in one line how to get it. False when there can be no monitoring;
 * without exporters there is less to see, and that is all.
 */
export async function ensureMonitoring(say: (text: string) => void): Promise<boolean> {
	try {
		await ensurePrograms(monitoringPrograms, 'the monitoring (not wanted: --no-monitoring)', say);
	} catch (error) {
		if (!(error instanceof MissingPrograms)) throw error;
		const packages = packagesFor(error.programs).join(' ');
		const command = `sudo apt-get install --no-install-recommends ${packages}`;
		const enough = needed.every((name) => findProgram(name));
		say(`${enough ? 'monitoring without' : 'no monitoring without'} ${packages} (${command})`);
		return enough;
	}
	return true;
}
