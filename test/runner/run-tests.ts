import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePage } from '../../ops/page/page.ts';
import { alreadyRunning } from '../../ops/run/banner.ts';
import { claimInstance } from '../../ops/run/instance.ts';
import { createStages, type Stages } from '../../ops/run/keep-running.ts';
import { monitoringPrograms } from '../../ops/run/monitoring.ts';
import type { Run } from '../../ops/run/run.ts';
import { privateFolder } from '../../ops/services/folder.ts';
import { startMariadb } from '../../ops/services/mariadb.ts';
import {
	ensurePrograms,
	MissingPrograms,
	type ProgramName,
	servicePrograms,
} from '../../ops/services/programs.ts';
import { startRabbitmq } from '../../ops/services/rabbitmq.ts';
import { endEarlier } from '../../ops/services/service.ts';
import { SetupError } from '../../ops/services/setup-error.ts';
import { ensureMysqlRoot, MysqlUnavailable, startMysql } from '../clusters/mysql.ts';
import { addTallies, runVitest, summary, type Tally } from './vitest.ts';

// Redis is started by the tests themselves, one for each file.
const withoutMariadb = ['rabbitmq-server', 'redis-server'] as const;

/**
 * `npm test`: all tests on MariaDB, then the whole-system ones on MySQL; with `--mysql` these alone, with `--quick` the
 * main path and what needs no service. Returns the exit status.
 */
export async function runTests(args: readonly string[], run: Run): Promise<number> {
	const onlyMysql = args.includes('--mysql');
	const chosen = args.includes('--quick')
		? ['--project', 'pure', '--project', 'quick']
		: args.filter((arg) => arg !== '--mysql');
	privateFolder(run.folder);
	const command = onlyMysql ? 'npm run test:mysql' : 'npm test';
	const state = { command, pid: process.pid, ready: true, urls: {} };
	const claim = await claimInstance(run.folder, 'test', state);
	if (!claim.mine) throw new SetupError(alreadyRunning(claim.holder));
	const stages = createStages(() => undefined);
	try {
		await ensurePrograms(onlyMysql ? withoutMariadb : servicePrograms, 'the tests', run.say);
		run.signal.throwIfAborted();
		await ensurePage(run);
		const broker = await startBroker(run, stages);
		const tallies: Tally[] = [];
		if (!onlyMysql) tallies.push(await mariadbPass(chosen, broker, run, stages));
		if (onlyMysql || chosen.length === 0) tallies.push(...(await mysqlPass(chosen, broker, run)));
		const total = addTallies(tallies);
		await stages.stopAll();
		console.log(`\n${summary(total)}`);
		return total.failures.length === 0 ? 0 : 1;
	} finally {
		await stages.stopAll();
		claim.release();
	}
}

type Variables = Record<string, string>;

async function startBroker({ folder, signal }: Run, stages: Stages): Promise<Variables> {
	const place = await emptied(join(folder, 'rabbitmq'));
	const rabbitmq = await startRabbitmq(place, { signal });
	stages.add('RabbitMQ', rabbitmq);
	return {
		TEST_RABBITMQ_URL: rabbitmq.url,
		TEST_RABBITMQ_MANAGEMENT_URL: rabbitmq.managementUrl,
		TEST_RABBITMQ_METRICS: rabbitmq.metricsAddress,
	};
}

async function mariadbPass(args: readonly string[], broker: Variables, run: Run, stages: Stages) {
	const { folder, signal, say } = run;
	if (args.length === 0) {
		await ensureOptional(['chromium'], 'the browser test', say);
		await ensureOptional(['mariadb-dump', 'mariadb'], 'the backup test', say);
		const tools = ['promtool', 'amtool', 'docker-compose'] as const;
		await ensureOptional(tools, 'the check of the monitoring', say);
		await ensureOptional(monitoringPrograms, 'the live test of the monitoring', say);
	}
	signal.throwIfAborted();
	const options = { mayCreateDatabases: true, throwAway: true, signal };
	const mariadb = await startMariadb(await emptied(join(folder, 'mariadb')), options);
	stages.add('MariaDB', mariadb);
	const variables = { ...broker, TEST_MYSQL_URL: mariadb.url };
	const projects = args.includes('--project') ? [] : ['--project', 'pure', '--project', 'real'];
	const tally = await runVitest(folder, [...projects, ...args], variables, signal);
	await mariadb.stop();
	return tally;
}

/** Nothing to count where the machine cannot have it. */
async function mysqlPass(args: readonly string[], broker: Variables, run: Run): Promise<Tally[]> {
	const { folder, signal, say } = run;
	const root = join(folder, '..', 'mysql-root');
	try {
		await ensureMysqlRoot(root, say, signal);
	} catch (error) {
		if (!(error instanceof MysqlUnavailable)) throw error;
		console.log(`MySQL pass skipped: ${error.message}`);
		return [];
	}
	const mysql = await startMysql(join(folder, 'mysql'), root, signal);
	try {
		say('the whole-system tests again, on MySQL');
		const variables = { ...broker, TEST_MYSQL_URL: mysql.url };
		const project = args.length > 0 ? 'real' : 'again';
		return [await runVitest(folder, ['--project', project, ...args], variables, signal)];
	} finally {
		await mysql.stop();
	}
}

/** Where they cannot be had, the test that needs them is left out. */
async function ensureOptional(
	programs: readonly ProgramName[],
	purpose: string,
	say: (text: string) => void,
): Promise<void> {
	try {
		await ensurePrograms(programs, purpose, say);
	} catch (error) {
		if (!(error instanceof MissingPrograms)) throw error;
		console.log(`${purpose} skipped: ${error.programs.join(', ')} missing (${error.reason})`);
	}
}

/** Each run starts from nothing, whatever an interrupted one left. */
async function emptied(folder: string): Promise<string> {
	await endEarlier(folder);
	rmSync(folder, { recursive: true, force: true });
	return folder;
}
