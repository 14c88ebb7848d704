import type { SourceFile as Shape } from '../domain/source.ts';
import { builder } from './builder.ts';

export const SourceFile = builder.objectRef<Shape>('SourceFile').implement({
	fields: (t) => ({
		path: t.exposeString('path', {
			description: 'As the upstream names it: data, never a path to write to unchecked.',
		}),
		content: t.exposeString('content'),
		size: t.exposeInt('size', { description: 'Bytes in UTF-8.' }),
	}),
});
