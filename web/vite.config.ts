import { defineConfig, loadEnv } from 'vite';

const { HTTP_PORT = '4000' } = loadEnv('', import.meta.dirname, 'HTTP_');
/** What `npm run dev` starts beside it; it wants to be asked by the name that the browser uses. */
const server = `http://localhost:${HTTP_PORT}`;

export default defineConfig({
	clearScreen: false,
	build: {
		target: 'es2023',
		// The page's policy takes nothing that stands in the page itself.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		reportCompressedSize: false,
	},
	worker: { format: 'es' },
	server: {
		proxy: Object.fromEntries(
			['/graphql', '/graphiql', '/contracts'].map((path) => [path, { target: server, ws: true }]),
		),
	},
});
