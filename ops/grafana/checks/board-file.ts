import { z } from 'zod';

const datasource = z.object({ type: z.string(), uid: z.string() });
const link = z.object({ title: z.string().min(1), url: z.string().min(1) });

const target = z.object({
	refId: z.string().regex(/^[A-Z]$/),
	datasource,
	expr: z.string().optional(),
	query: z.string().optional(),
	queryType: z.string().optional(),
	legendFormat: z.string().optional(),
	instant: z.boolean().optional(),
	exemplar: z.boolean().optional(),
});

const panel = z.object({
	id: z.int().positive(),
	type: z.string().min(1),
	title: z.string().min(1),
	description: z.string().optional(),
	datasource: datasource.optional(),
	gridPos: z.object({
		x: z.int().min(0),
		y: z.int().min(0),
		w: z.int().min(1).max(24),
		h: z.int().min(1),
	}),
	links: z.array(link).default([]),
	targets: z.array(target).default([]),
	fieldConfig: z
		.object({
			defaults: z.object({
				unit: z.string().optional(),
				noValue: z.string().optional(),
				links: z.array(link).optional(),
			}),
		})
		.optional(),
});

/** What a dashboard's file must be, as far as this project relies on it. */
export const boardFile = z.object({
	uid: z.string().regex(/^verifeed-[a-z]+$/),
	title: z.string().min(1),
	schemaVersion: z.int(),
	tags: z.array(z.string()),
	refresh: z.string(),
	links: z.array(link),
	panels: z.array(panel),
	templating: z.object({
		list: z.array(
			z.object({ name: z.string(), type: z.string(), definition: z.string().optional() }),
		),
	}),
	annotations: z.object({
		list: z.array(z.object({ name: z.string(), enable: z.boolean(), expr: z.string() })),
	}),
});

export type BoardFile = z.infer<typeof boardFile>;
export type PanelFile = BoardFile['panels'][number];
export type TargetFile = PanelFile['targets'][number];
