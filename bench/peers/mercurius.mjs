// Mercurius with its compiler on, for every query from the first time on.
import fastify from 'fastify';
import mercurius from 'mercurius';
import { openData, typeDefs } from './data.mjs';
import { ready } from './ready.mjs';

const app = fastify({ logger: false });
const { resolvers } = openData();
await app.register(mercurius, { schema: typeDefs, resolvers, jit: 1 });
await app.listen({ port: 0, host: '127.0.0.1' });
ready(app.server.address().port);
