import { build } from './build/board.ts';
import { boards } from './build/links.ts';
import { cache } from './cache/cache.ts';
import { infrastructure } from './infrastructure/infrastructure.ts';
import { overview } from './overview/overview.ts';
import { pipeline } from './pipeline/pipeline.ts';

/** The text of each dashboard's file, by its name. */
export function dashboardFiles(): Map<string, string> {
	return new Map(
		[overview, cache, pipeline, infrastructure].map((board) => [
			`${boards[board.name].uid}.json`,
			`${JSON.stringify(build(board), inHead, '\t')}\n`,
		]),
	);
}

/** The SDK puts links and marks into a menu; they belong in the head of the board, in sight. */
function inHead(key: string, value: unknown): unknown {
	return key === 'placement' && value === 'inControlsMenu' ? undefined : value;
}
