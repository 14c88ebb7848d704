import { expect, test } from 'vitest';
import { dockerAdvice, installAdvice, packagesFor } from './programs.ts';

test('the command installs every package once', () => {
	expect(packagesFor(['mariadbd', 'mariadb-install-db', 'redis-server'])).toEqual([
		'mariadb-server-core',
		'mariadb-client-core',
		'redis-server',
	]);
	expect(installAdvice(['redis-server'], 'why')).toBe(
		[
			'missing: redis-server (why)',
			'',
			'Install them (Debian, Ubuntu):',
			'  sudo apt-get update && sudo apt-get install --no-install-recommends redis-server',
		].join('\n'),
	);
});

test('the Docker way names a pinned image and the setting for each service, once', () => {
	const lines = dockerAdvice(['mariadbd', 'mariadb-install-db', 'rabbitmq-server', 'redis-server']);
	expect(lines.match(/docker run/g)).toHaveLength(3);
	for (const image of ['mysql:8.4', 'rabbitmq:4-management', 'redis:7'])
		expect(lines).toContain(image);
	expect(lines).not.toMatch(/-p (?!127\.0\.0\.1:)/);
	expect(lines.match(/export (MYSQL|RABBITMQ|REDIS)_URL=/g)).toHaveLength(3);
});
