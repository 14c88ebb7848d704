// Apollo Server as its documentation starts it.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { openData, typeDefs } from './data.mjs';
import { ready } from './ready.mjs';

const { resolvers } = openData();
const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
ready(Number(new URL(url).port));
