import { boards } from '../build/links.ts';
import { placeholder } from '../build/placeholder.ts';

/** The data sources that the provisioning makes, and the variable that chooses one. */
export const datasourceUids: readonly string[] = [placeholder('datasource'), 'loki', 'tempo'];
export const boardUids: readonly string[] = Object.values(boards).map(({ uid }) => uid);
export const variables: readonly string[] = ['datasource', 'job', 'instance'];

/** Grid rows that a small screen shows without scrolling. */
export const fold = 14;

/** Panels of text, lines, traces and graphs: there is nothing to measure in them. */
export const withoutUnit: readonly string[] = ['row', 'text', 'logs', 'nodeGraph'];
