import { placeholder } from './placeholder.ts';

/** The uids under which the data sources are provisioned. */
export const prometheus = { type: 'prometheus', uid: placeholder('datasource') };
export const loki = { type: 'loki', uid: 'loki' };
export const tempo = { type: 'tempo', uid: 'tempo' };
