import { runCommand } from '../run/run.ts';
import { ensurePage } from './page.ts';

await runCommand('.data', 'page', { whenStopped: 1 }, async (run) => {
	await ensurePage(run);
	run.say('web/dist is up to date');
	return 0;
});
