import type { Board } from '../build/board.ts';
import { young } from '../build/variables.ts';
import { comparison } from './comparison.ts';
import { hits } from './hits.ts';
import { redis } from './redis.ts';
import { start } from './start.ts';

export const cache: Board = {
	name: 'cache',
	description: 'What the cache and its warm-up are worth, in times faster.',
	variables: [young],
	rows: [comparison, start, hits, redis],
};
