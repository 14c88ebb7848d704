import { expect, test } from 'vitest';
import { z } from 'zod';
import { readYaml } from './files.ts';

const text = z.string();
const period = z.string().regex(/^\d+[smhd]$/);
const size = z.string().regex(/^\d+(KB|MB)$/);
const count = z.int().positive();
const yes = z.literal(true);
const no = z.literal(false);

// The keys as Loki 3.6 and Tempo 2.10 document them; both refuse to start for one that they do not know.
const loki = z.strictObject({
	auth_enabled: no,
	server: z.strictObject({ http_listen_port: z.literal(3100), log_level: text }),
	common: z.strictObject({
		instance_addr: text,
		path_prefix: z.literal('/loki'),
		replication_factor: z.literal(1),
		storage: z.strictObject({
			filesystem: z.strictObject({ chunks_directory: text, rules_directory: text }),
		}),
		ring: z.strictObject({ kvstore: z.strictObject({ store: z.literal('inmemory') }) }),
	}),
	schema_config: z.strictObject({
		configs: z.tuple([
			z.strictObject({
				from: text,
				store: z.literal('tsdb'),
				object_store: z.literal('filesystem'),
				schema: z.literal('v13'),
				index: z.strictObject({ prefix: text, period: z.literal('24h') }),
			}),
		]),
	}),
	limits_config: z.strictObject({
		retention_period: period,
		allow_structured_metadata: yes,
		max_structured_metadata_entries_count: count,
		max_structured_metadata_size: size,
		ingestion_rate_mb: count,
		ingestion_burst_size_mb: count,
		per_stream_rate_limit: size,
		per_stream_rate_limit_burst: size,
		max_line_size: size,
		max_label_names_per_series: count,
		max_global_streams_per_user: count,
		reject_old_samples: yes,
		reject_old_samples_max_age: period,
		max_query_series: count,
		max_query_length: period,
		volume_enabled: yes,
	}),
	compactor: z.strictObject({
		working_directory: text,
		retention_enabled: yes,
		retention_delete_delay: period,
		delete_request_store: z.literal('filesystem'),
	}),
	query_range: z.strictObject({
		results_cache: z.strictObject({
			cache: z.strictObject({
				embedded_cache: z.strictObject({ enabled: yes, max_size_mb: count }),
			}),
		}),
	}),
	analytics: z.strictObject({ reporting_enabled: no }),
});

const protocol = (port: number) => z.strictObject({ endpoint: z.literal(`0.0.0.0:${port}`) });
const tempo = z.strictObject({
	server: z.strictObject({ http_listen_port: z.literal(3200), log_level: text }),
	distributor: z.strictObject({
		receivers: z.strictObject({
			otlp: z.strictObject({
				protocols: z.strictObject({ http: protocol(4318), grpc: protocol(4317) }),
			}),
		}),
	}),
	ingester: z.strictObject({ max_block_duration: period, flush_all_on_shutdown: yes }),
	compactor: z.strictObject({ compaction: z.strictObject({ block_retention: period }) }),
	metrics_generator: z.strictObject({
		registry: z.strictObject({ external_labels: z.record(text, text) }),
		processor: z.strictObject({
			service_graphs: z.strictObject({
				wait: period,
				max_items: count,
				enable_messaging_system_latency_histogram: yes,
			}),
			span_metrics: z.strictObject({ enable_target_info: no }),
		}),
		storage: z.strictObject({
			path: text,
			remote_write: z.tuple([z.strictObject({ url: z.url(), send_exemplars: yes })]),
		}),
	}),
	storage: z.strictObject({
		trace: z.strictObject({
			backend: z.literal('local'),
			wal: z.strictObject({ path: text }),
			local: z.strictObject({ path: text }),
		}),
	}),
	overrides: z.strictObject({
		defaults: z.strictObject({
			ingestion: z.strictObject({
				rate_limit_bytes: count,
				burst_size_bytes: count,
				max_traces_per_user: count,
			}),
			global: z.strictObject({ max_bytes_per_trace: count }),
			metrics_generator: z.strictObject({
				processors: z.array(z.enum(['service-graphs', 'span-metrics'])),
				max_active_series: count,
			}),
		}),
	}),
	usage_report: z.strictObject({ reporting_enabled: no }),
});

test('Loki’s configuration has keys alone that Loki knows', () => {
	expect(loki.parse(readYaml('loki/loki.yaml'))).toBeTruthy();
});

test('Tempo’s configuration has keys alone that Tempo knows', () => {
	expect(tempo.parse(readYaml('tempo/tempo.yaml'))).toBeTruthy();
});

test('Grafana’s data sources have the names that the dashboards use, and lead to each other', () => {
	const file = readYaml('grafana/provisioning/datasources/verifeed.yaml') as {
		datasources: { uid: string }[];
	};
	const uids = file.datasources.map(({ uid }) => uid);
	expect(uids).toEqual(['prometheus', 'loki', 'tempo', 'alertmanager']);
	const named = [
		...JSON.stringify(file).matchAll(/"(?:datasourceUid|alertmanagerUid)":"([^"]*)"/g),
	];
	expect(new Set(named.map(([, uid]) => uid))).toEqual(
		new Set(['tempo', 'loki', 'prometheus', 'alertmanager']),
	);
});

test('Grafana provisions no alerts of its own', () => {
	expect(JSON.stringify(readYaml('compose.yaml'))).toContain(
		'"GF_UNIFIED_ALERTING_EXECUTE_ALERTS":"false"',
	);
});
