import type { Board } from '../build/board.ts';
import { glance } from './glance.ts';
import { machine } from './machine.ts';
import { mysql } from './mysql.ts';
import { processes } from './processes.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { telemetry } from './telemetry.ts';

export const infrastructure: Board = {
	name: 'infrastructure',
	description: 'Used, full, or failing: the machine, our processes, and what they stand on.',
	rows: [glance, machine, processes, rabbitmq, mysql, redis, telemetry],
};
