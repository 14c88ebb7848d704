import { registerHooks } from 'node:module';

/**
 * Loaded by `--import` before a process' own code. To learn the format of each file of a package Node.js parses the
 * package's whole package.json again; drizzle-orm has hundreds of files and 180 KB of that, which would be a second
 * of each start. Its files that import each other are known to be modules.
 */
registerHooks({
	resolve(specifier, context, next) {
		const parent = context.parentURL;
		if (!parent?.includes('/node_modules/drizzle-orm/') || !/^\.{1,2}\/.*\.js$/.test(specifier)) {
			return next(specifier, context);
		}
		return { url: new URL(specifier, parent).href, format: 'module', shortCircuit: true };
	},
});
