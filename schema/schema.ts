import './chain.ts';
import './contract.ts';
import './contract-connection.ts';
import './scalars.ts';
import './source-diff.ts';
import './status-event.ts';
import { builder } from './builder.ts';

builder.queryType();
builder.mutationType();
builder.subscriptionType();

export const schema = builder.toSchema();
