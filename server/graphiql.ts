import { readFileSync } from 'node:fs';
import { renderGraphiQL as render } from '@graphql-yoga/render-graphiql';
import type { GraphiQLOptions } from 'graphql-yoga';

/** One tab for each operation, ready to run on contracts that the bundled emulator has; a blank line parts them. */
const tabs = readFileSync(new URL('graphiql-tabs.graphql', import.meta.url), 'utf8')
	.trimEnd()
	.split('\n\n');

/** GraphiQL comes whole from this server, so that it works without any other host. */
export const renderGraphiQL = render;

export const graphiql: GraphiQLOptions = {
	title: 'Verifeed',
	subscriptionsProtocol: 'WS',
	defaultTabs: tabs.map((query) => ({ query })),
};
