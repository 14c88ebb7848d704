import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Address, addressOrNull } from './address.ts';

/** What definitions are made of: how it stands in JSON, and what it is in the program. */
export const address = z.string().transform((text, context): Address => {
	const parsed = addressOrNull(text);
	if (parsed) return parsed;
	context.addIssue('not an address');
	return z.NEVER;
});
/** RFC 3339 in JSON. */
export const time = z.iso.datetime().transform((text) => new Date(text));
/** A whole number from 0 on. */
export const whole = z.number().int().min(0);

/** How the values of one definition are written and read. */
interface RecordFormat<T> {
	/** Follows from the definition itself, and changes with it. */
	readonly version: string;
	/** JSON that carries the version; any other reader of the definition takes it for one field more. */
	write(value: T): string;
	/** Throws where the text is none. What was written under this very version is not checked again. */
	read(text: string): T;
	/** As `read`, of JSON that is parsed already and came with this version; what is given is used up. */
	revive(json: unknown, version: unknown): T;
}

/** For a definition that has JSON on its one side. */
export function defineRecord<T>(definition: z.ZodType<T>): RecordFormat<T> {
	const shape = z.toJSONSchema(definition, { io: 'input' });
	const text = JSON.stringify(shape);
	const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
	const prefix = `{"format":"${version}",`;
	const reviveDates = datesIn(shape) ?? ((json: unknown) => json);
	return {
		version,
		write: (value) => `${prefix}${JSON.stringify(value).slice(1)}`,
		read(text) {
			if (!text.startsWith(prefix)) return definition.parse(JSON.parse(text));
			// Written by `write`, of the same definition.
			return reviveDates(JSON.parse(`{${text.slice(prefix.length)}`)) as T;
		},
		revive: (json, of) => (of === version ? (reviveDates(json) as T) : definition.parse(json)),
	};
}

type Revive = (json: unknown) => unknown;

/** Makes dates of the texts that are dates, in place; null where there are none. */
function datesIn(shape: z.core.JSONSchema._JSONSchema): Revive | null {
	if (typeof shape === 'boolean') return null;
	if (shape.format === 'date-time') return (json) => new Date(json as string);
	const [nullable] = shape.anyOf?.filter((one) => one.type !== 'null') ?? [];
	if (nullable) {
		const revive = datesIn(nullable);
		return revive && ((json) => (json === null ? null : revive(json)));
	}
	if (shape.type === 'array' && shape.items && !Array.isArray(shape.items)) {
		const revive = datesIn(shape.items);
		return revive && ((json) => (json as unknown[]).map(revive));
	}
	const fields = Object.entries(shape.properties ?? {}).flatMap(([name, field]) => {
		const revive = datesIn(field);
		return revive ? [{ name, revive }] : [];
	});
	if (fields.length === 0) return null;
	return (json) => {
		const object = json as Record<string, unknown>;
		for (const { name, revive } of fields) object[name] = revive(object[name]);
		return object;
	};
}
