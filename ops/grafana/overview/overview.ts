import type { Board } from '../build/board.ts';
import { dependencies } from './dependencies.ts';
import { processes } from './processes.ts';
import { strip } from './strip.ts';
import { users } from './users.ts';
import { where } from './where.ts';

export const overview: Board = {
	name: 'overview',
	description: 'For those on call: are users hurt, where, and by what?',
	rows: [users, where, strip, dependencies, processes],
};
