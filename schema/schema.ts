import './chain.ts';
import './contract.ts';
import './contract-connection.ts';
import './implementation.ts';
import './node.ts';
import './scalars.ts';
import './source-diff.ts';
import './source-versions.ts';
import './status-event.ts';
import './submission.ts';
import { builder } from './builder.ts';

builder.queryType();
builder.mutationType();
builder.subscriptionType();

export const schema = builder.toSchema();
