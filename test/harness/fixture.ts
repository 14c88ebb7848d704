import { test } from 'vitest';
import { openSystem } from './system.ts';
import { openWriter } from './writer.ts';

/**
 * `test` with a system of the file's own. Each part starts once, before the first test or hook that
 * names it; the worker before the first of all if its environment is given. All end with the file.
 */
export function systemTest(
	options: {
		system?: Parameters<typeof openSystem>[0];
		server?: Record<string, string>;
		worker?: Record<string, string>;
	} = {},
) {
	return test
		.extend('options', { scope: 'file' }, options)
		.extend('system', { scope: 'file' }, async ({ options }, { onCleanup }) => {
			const system = await openSystem(options.system);
			onCleanup(() => system[Symbol.asyncDispose]());
			return system;
		})
		.extend('server', { scope: 'file' }, ({ options, system }) => system.server(options.server))
		.extend(
			'worker',
			{ scope: 'file', auto: options.worker !== undefined },
			({ options, system }) => system.worker(options.worker),
		)
		.extend('writer', { scope: 'file' }, async ({ system }, { onCleanup }) => {
			const writer = await openWriter(system);
			onCleanup(() => writer[Symbol.asyncDispose]());
			return writer;
		});
}

/** The fixture of what a file opens for itself, with no need of another; it ends with the file. */
export function own<T>(open: () => Promise<T>, close: (opened: T) => unknown) {
	// biome-ignore lint/correctness/noEmptyPattern: Vitest reads what is needed from the pattern.
	return async ({}: object, { onCleanup }: { onCleanup(end: () => unknown): void }) => {
		const opened = await open();
		onCleanup(() => close(opened));
		return opened;
	};
}
