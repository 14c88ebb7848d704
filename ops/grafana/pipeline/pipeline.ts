import type { Board } from '../build/board.ts';
import { evidence } from './evidence.ts';
import { flow } from './flow.ts';
import { moves } from './moves.ts';
import { queue } from './queue.ts';
import { stages } from './stages.ts';
import { streams } from './streams.ts';
import { upstreams } from './upstreams.ts';

export const pipeline: Board = {
	name: 'pipeline',
	description: 'From a submission to its end, and what holds it up.',
	rows: [flow, moves, stages, queue, upstreams, streams, evidence],
};
