import type { ProgramName } from './programs.ts';

/** Debian packages that bring each program. */
export const packagesOf = {
	mariadbd: ['mariadb-server-core'],
	// The script itself comes with the server, my_print_defaults, which it calls, with the client.
	'mariadb-install-db': ['mariadb-server-core', 'mariadb-client-core'],
	// Both are there for backups alone.
	'mariadb-dump': ['mariadb-client'],
	mariadb: ['mariadb-client-core'],
	'redis-server': ['redis-server'],
	'rabbitmq-server': ['rabbitmq-server'],
	chromium: ['chromium'],
	prometheus: ['prometheus'],
	'prometheus-alertmanager': ['prometheus-alertmanager'],
	'prometheus-node-exporter': ['prometheus-node-exporter'],
	'prometheus-mysqld-exporter': ['prometheus-mysqld-exporter'],
	'prometheus-redis-exporter': ['prometheus-redis-exporter'],
	// The three check the configuration of the monitoring, and nothing else.
	promtool: ['prometheus'],
	amtool: ['prometheus-alertmanager'],
	'docker-compose': ['docker-compose'],
	mmdebstrap: ['mmdebstrap', 'debian-archive-keyring'],
} satisfies Record<string, readonly string[]>;

type Container = { variable: string; run: string; url: string };

const mysql: Container = {
	variable: 'MYSQL_URL',
	run: 'docker run -d --name verifeed-mysql -p 127.0.0.1:3306:3306 -e MYSQL_RANDOM_ROOT_PASSWORD=yes -e MYSQL_DATABASE=verifeed -e MYSQL_USER=verifeed -e MYSQL_PASSWORD=verifeed mysql:8.4',
	url: 'mysql://verifeed:verifeed@127.0.0.1:3306/verifeed',
};

const containers: Partial<Record<ProgramName, Container>> = {
	mariadbd: mysql,
	'mariadb-install-db': mysql,
	'rabbitmq-server': {
		variable: 'RABBITMQ_URL',
		run: 'docker run -d --name verifeed-rabbitmq -p 127.0.0.1:5672:5672 -p 127.0.0.1:15672:15672 -e RABBITMQ_DEFAULT_USER=verifeed -e RABBITMQ_DEFAULT_PASS=verifeed rabbitmq:4-management',
		url: 'amqp://verifeed:verifeed@127.0.0.1:5672',
	},
	'redis-server': {
		variable: 'REDIS_URL',
		run: 'docker run -d --name verifeed-redis -p 127.0.0.1:6379:6379 redis:7 redis-server --appendonly yes',
		url: 'redis://127.0.0.1:6379',
	},
};

/** The packages that bring these programs, each once, in the order asked. */
export function packagesFor(programs: readonly ProgramName[]): string[] {
	return [...new Set(programs.flatMap((program) => packagesOf[program]))];
}

/** What a person does by hand when the programs cannot be installed for them. */
export function installAdvice(programs: readonly ProgramName[], reason: string): string {
	const packages = packagesFor(programs).join(' ');
	return [
		`missing: ${programs.join(', ')} (${reason})`,
		'',
		'Install them (Debian, Ubuntu):',
		`  sudo apt-get update && sudo apt-get install --no-install-recommends ${packages}`,
	].join('\n');
}

/** How to do without the programs: servers in Docker, and the settings that name them. */
export function dockerAdvice(programs: readonly ProgramName[]): string {
	const way = [...new Set(programs.map((program) => containers[program]).filter((c) => !!c))];
	return [
		'Or run them in Docker and say where they are:',
		...way.map(({ run }) => `  ${run}`),
		...way.map(({ variable, url }) => `  export ${variable}=${url}`),
	].join('\n');
}
