import { counter, gauge, histogram } from './metric.ts';

/** Made by Prometheus for each target, or for each alert. */
export const scrapeMetrics = {
	up: gauge(),
	scrape_duration_seconds: gauge(),
	scrape_samples_scraped: gauge(),
	ALERTS: gauge('alertname', 'alertstate', 'severity'),
} as const;

export const prometheusMetrics = {
	prometheus_tsdb_head_series: gauge(),
	prometheus_rule_evaluation_failures_total: counter('rule_group'),
	prometheus_rule_group_iterations_missed_total: counter('rule_group'),
	prometheus_notifications_dropped_total: counter('alertmanager'),
} as const;

export const alertmanagerMetrics = {
	alertmanager_notifications_failed_total: counter('integration', 'reason'),
} as const;

export const lokiMetrics = {
	loki_discarded_samples_total: counter('reason', 'tenant'),
	loki_distributor_lines_received_total: counter('tenant'),
} as const;

export const tempoMetrics = {
	tempo_distributor_spans_received_total: counter('tenant'),
	tempo_discarded_spans_total: counter('reason', 'tenant'),
} as const;

/** Written by Tempo's metrics generator into Prometheus: no job scrapes them. */
export const generatedMetrics = {
	traces_service_graph_request_total: counter('client', 'server', 'connection_type'),
	traces_service_graph_request_failed_total: counter('client', 'server', 'connection_type'),
	traces_service_graph_request_server_seconds: histogram('client', 'server', 'connection_type'),
} as const;
