import { runCommand } from '../run/run.ts';
import { ensurePackages } from './page.ts';

await runCommand('.data', 'page', { whenStopped: 1 }, async (run) => {
	await ensurePackages(run);
	return 0;
});
