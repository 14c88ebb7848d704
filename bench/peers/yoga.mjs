// GraphQL Yoga as it comes.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { openData, typeDefs } from './data.mjs';
import { ready } from './ready.mjs';

const { resolvers } = openData();
const server = createServer(createYoga({ schema: createSchema({ typeDefs, resolvers }) }));
server.listen(0, '127.0.0.1', () => ready(server.address().port));
