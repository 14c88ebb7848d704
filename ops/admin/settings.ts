import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError, readConfig } from '../../platform/config.ts';
import { peekInstance } from '../run/instance.ts';
import { readUrls, urlFile } from '../run/services.ts';
import { givenUrls, nowhere, type ServiceVariable } from '../run/settings.ts';
import { Refused } from './refused.ts';

const folder = '.data';

/**
 * The settings of a command that needs these services: those named in the environment, else those that run
 * for this clone. What it does not need may be unknown.
 */
export async function readAdminSettings(
	env: NodeJS.ProcessEnv,
	needs: readonly ServiceVariable[],
): Promise<Config> {
	const given = givenUrls(env);
	const missing = needs.filter((name) => !given[name]);
	const lent = missing.length > 0 ? await lentSettings(missing) : {};
	mustBeOneSystem(given, lent);
	const set = Object.entries(env).filter(([, value]) => value?.trim());
	try {
		return readConfig({ ...nowhere, ...lent, ...Object.fromEntries(set) });
	} catch (error) {
		if (error instanceof ConfigError) throw new Refused(error.message);
		throw error;
	}
}

/** A change in one system's database must not reach another one's queue and cache. */
function mustBeOneSystem(
	given: Partial<Record<ServiceVariable, string>>,
	lent: Record<string, string>,
): void {
	const names = Object.keys(nowhere) as ServiceVariable[];
	const other = names.filter((name) => given[name] && lent[name] && given[name] !== lent[name]);
	if (other.length === 0) return;
	throw new Refused(
		`${other.join(', ')} is not of the system that runs for this folder: set ${names.join(', ')}, all of the one you mean.`,
	);
}

/** Of the services, and of the emulator where that stands in for Etherscan. */
async function lentSettings(missing: readonly ServiceVariable[]): Promise<Record<string, string>> {
	const running = existsSync(join(folder, urlFile))
		? await peekInstance(folder, 'services', { untilReady: true })
		: undefined;
	if (!running) {
		const names = missing.join(', ');
		throw new Refused(
			`Which services? ${names} ${missing.length > 1 ? 'are' : 'is'} not set, and no services run for this folder.\n` +
				'Set the variables to those of the system you mean, or begin its own services here: npm start, or npm run services.',
		);
	}
	const emulator = (await peekInstance(folder, 'start'))?.emulatorUrl;
	return {
		...readUrls(folder),
		...(emulator && { ETHERSCAN_URL: emulator, ETHERSCAN_API_KEYS: 'emulator' }),
	};
}
