import './chain.ts';
import './contract.ts';
import './contract-connection.ts';
import './scalars.ts';
import './source-diff.ts';
import './status-event.ts';
import './submission.ts';
import { builder } from './builder.ts';
import { guardMutations } from './mutations.ts';

builder.queryType();
builder.mutationType();
builder.subscriptionType();

export const schema = guardMutations(builder.toSchema());
