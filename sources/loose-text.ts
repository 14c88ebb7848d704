import { z } from 'zod';

/** A field that should be a text and may be missing, null or a number: trimmed, '' for nothing. */
export const looseText = z.preprocess(
	(value) => (typeof value === 'object' ? '' : String(value ?? '').trim()),
	z.string(),
);
