import type { z } from 'zod';
import { upstreams as table, type UpstreamName } from '../domain/upstreams.ts';
import { count, keys, url, urls } from './setting-kinds.ts';

type Row = (typeof table)[UpstreamName];
type NameOf<T> = T extends { setting: infer Name extends string } ? Name : never;
type UpstreamSettings = Record<NameOf<Row['url']>, z.ZodDefault<z.ZodString>> &
	Record<NameOf<Row['keys']>, z.ZodDefault<typeof keys>> &
	Record<NameOf<Row['perSecond' | 'perDay']>, z.ZodDefault<typeof count>>;

/** The settings that the table of upstreams names. */
export function upstreamSettings(): UpstreamSettings {
	const groups = Object.values(table).map((row) => {
		const { url: at, keys: keyed, perSecond, perDay } = row;
		const address = at.byChain ? urls : url('http:', 'https:');
		return {
			...(keyed && {
				[keyed.setting]: keys.default([]).meta({ description: keyed.text, secret: true }),
			}),
			[at.setting]: address.default(at.default).describe(at.text),
			[perSecond.setting]: count.default(perSecond.default).describe(perSecond.text),
			...(perDay && { [perDay.setting]: count.default(perDay.default).describe(perDay.text) }),
		};
	});
	// Computed names are lost to the compiler.
	return Object.assign({}, ...groups) as UpstreamSettings;
}
