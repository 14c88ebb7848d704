import protobuf from 'protobufjs';
import { z } from 'zod';

// Of opentelemetry-proto 1.x what a span is made of, with the field numbers of the specification.
const definitions = `
	syntax = "proto3";
	message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
	message ExportTraceServiceResponse { PartialSuccess partial_success = 1; }
	message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
	message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
	message Resource { repeated KeyValue attributes = 1; }
	message ScopeSpans { repeated Span spans = 2; }
	message Span {
		bytes trace_id = 1;
		bytes span_id = 2;
		bytes parent_span_id = 4;
		string name = 5;
		int32 kind = 6;
		fixed64 start_time_unix_nano = 7;
		fixed64 end_time_unix_nano = 8;
		repeated KeyValue attributes = 9;
		repeated Event events = 11;
		repeated Link links = 13;
		Status status = 15;
	}
	message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
	message Link { bytes trace_id = 1; bytes span_id = 2; repeated KeyValue attributes = 4; }
	message Status { string message = 2; int32 code = 3; }
	message KeyValue { string key = 1; AnyValue value = 2; }
	message ArrayValue { repeated AnyValue values = 1; }
	message AnyValue {
		oneof value {
			string string_value = 1;
			bool bool_value = 2;
			int64 int_value = 3;
			double double_value = 4;
			ArrayValue array_value = 5;
		}
	}
`;

const { root } = protobuf.parse(definitions);
const request = root.lookupType('ExportTraceServiceRequest');
const response = root.lookupType('ExportTraceServiceResponse');

export type Value = string | number | boolean | Value[];

export interface SinkSpan {
	service: string;
	name: string;
	traceId: string;
	spanId: string;
	/** Null at the root. */
	parentId: string | null;
	kind: (typeof kinds)[number];
	attributes: Record<string, Value>;
	links: { traceId: string; spanId: string }[];
	events: { name: string; attributes: Record<string, Value> }[];
	status: (typeof statuses)[number];
	statusMessage: string;
	/** Milliseconds since 1970. */
	start: number;
	seconds: number;
	resource: Record<string, Value>;
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statuses = ['unset', 'ok', 'error'] as const;

const hex = z.string().transform((base64) => Buffer.from(base64, 'base64').toString('hex'));
const anyValue: z.ZodType<Value> = z.lazy(() =>
	z
		.union([
			z.object({ stringValue: z.string() }).transform((of) => of.stringValue),
			z.object({ boolValue: z.boolean() }).transform((of) => of.boolValue),
			z.object({ intValue: z.string() }).transform((of) => Number(of.intValue)),
			z.object({ doubleValue: z.number() }).transform((of) => of.doubleValue),
			z
				.object({ arrayValue: z.object({ values: z.array(anyValue).default([]) }) })
				.transform((of) => of.arrayValue.values),
		])
		.or(z.object({}).transform(() => '')),
);
const attributes = z
	.array(z.object({ key: z.string(), value: anyValue }))
	.default([])
	.transform(
		(list): Record<string, Value> => Object.fromEntries(list.map(({ key, value }) => [key, value])),
	);
const spanSchema = z.object({
	traceId: hex,
	spanId: hex,
	parentSpanId: hex.optional(),
	name: z.string(),
	kind: z.number().default(0),
	startTimeUnixNano: z.string(),
	endTimeUnixNano: z.string(),
	attributes,
	events: z.array(z.object({ name: z.string(), attributes })).default([]),
	links: z.array(z.object({ traceId: hex, spanId: hex })).default([]),
	status: z.object({ code: z.number().default(0), message: z.string().default('') }).optional(),
});
const requestSchema = z.object({
	resourceSpans: z
		.array(
			z.object({
				resource: z.object({ attributes }),
				scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
			}),
		)
		.default([]),
});

/** The spans of one export; throws for anything else than a well-formed one. */
export function decodeSpans(body: Uint8Array): SinkSpan[] {
	const plain = request.toObject(request.decode(body), { longs: String, bytes: String });
	return requestSchema.parse(plain).resourceSpans.flatMap(({ resource, scopeSpans }) =>
		scopeSpans
			.flatMap(({ spans }) => spans)
			.map((span) => ({
				service: String(resource.attributes['service.name']),
				name: span.name,
				traceId: span.traceId,
				spanId: span.spanId,
				parentId: span.parentSpanId || null,
				kind: kinds[span.kind] ?? 'unspecified',
				attributes: span.attributes,
				links: span.links,
				events: span.events,
				status: statuses[span.status?.code ?? 0] ?? 'unset',
				statusMessage: span.status?.message ?? '',
				start: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
				seconds: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e9,
				resource: resource.attributes,
			})),
	);
}

/** "All taken". */
export function encodeAnswer(): Uint8Array {
	return response.encode(response.create({})).finish();
}
