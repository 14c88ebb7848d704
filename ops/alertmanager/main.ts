import { AlertSettingsError, readAlertSettings } from './settings.ts';
import { writeAlertmanager } from './write.ts';

const { ALERT_CONFIG: file = 'alertmanager.json' } = process.env;
try {
	const settings = readAlertSettings(process.env);
	writeAlertmanager(file, settings);
	const ways = Object.keys(settings).filter((name) => !/PASSWORD|TOKEN|GRAFANA/.test(name));
	console.log(`${file} written; set: ${ways.join(', ') || 'nothing, so alerts are only shown'}`);
} catch (error) {
	if (!(error instanceof AlertSettingsError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
