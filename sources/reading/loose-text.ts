import { z } from 'zod';

/** A field that should be a text and may be missing, null or a number: trimmed, '' for nothing. */
export const looseText = z.preprocess(
	(value) => (typeof value === 'object' ? '' : String(value ?? '').trim()),
	z.string(),
);

/** A path as it stands, with the white space that it may end in; '' for none or a blank one. */
export const loosePath = z.preprocess(
	(value) => (typeof value === 'string' && value.trim() !== '' ? value : ''),
	z.string(),
);
