/*
 * Metrics and traces of this process by OpenTelemetry: a scraper reads metrics (`/api/metrics`), and a collector gets both by OTLP.
 * Nothing runs, and nothing is measured, where the environment asks for neither.
 */
import { context, metrics, trace, type Meter } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
	BatchSpanProcessor,
	ParentBasedSampler,
	TraceIdRatioBasedSampler,
	TracerProvider
} from '@opentelemetry/sdk-trace';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { TelemetrySettings } from '#lib/live/telemetry-settings.ts';
import { poolUse } from '#lib/database/server/pool.ts';
import { databaseMetrics, type Measure } from './database-metrics.ts';
import { eventListener } from './listener.ts';
import { openStreams } from './stream.ts';

const every = 30_000;
const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);

let scraped: PrometheusExporter | undefined;

/**
 * Begins to measure. `readDatabase` gives what the database counts, which all processes know alike. Returns how to send what is left and
 * end; call it once in a process.
 */
export function startTelemetry(
	settings: TelemetrySettings,
	instance: string,
	readDatabase: () => Promise<readonly Measure[]>
): () => Promise<void> {
	const { token, collector, headers } = settings;
	if (token === null && collector === null) return () => Promise.resolve();
	const resource = resourceFromAttributes({ 'service.name': 'global-summit', 'service.instance.id': instance });
	const to = (signal: string) => ({ url: `${collector?.replace(/\/+$/, '')}/v1/${signal}`, headers });
	const metricProducers = [databaseMetrics(resource, readDatabase)];
	scraped = token === null ? undefined : new PrometheusExporter({ preventServerStart: true, metricProducers });
	const pushed =
		collector === null
			? undefined
			: new PeriodicExportingMetricReader({
					exporter: new OTLPMetricExporter(to('metrics')),
					exportIntervalMillis: every,
					metricProducers
				});
	const meters = new MeterProvider({
		resource,
		readers: [scraped, pushed].filter((reader) => reader !== undefined)
	});
	metrics.setGlobalMeterProvider(meters);
	observeProcess(meters.getMeter('global-summit'));
	if (collector === null) return () => meters.shutdown();
	const tracers = new TracerProvider({
		resource,
		sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.traced) }),
		spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(to('traces')) })]
	});
	trace.setGlobalTracerProvider(tracers);
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	return async () => void (await Promise.all([meters.shutdown(), tracers.shutdown()]));
}

/** The metrics of this process in the text format of Prometheus; null where nobody is to read them. */
export async function readMetrics(): Promise<string | null> {
	if (!scraped) return null;
	const { resourceMetrics } = await scraped.collect();
	return serializer.serialize(resourceMetrics);
}

function observeProcess(meter: Meter): void {
	const delay = monitorEventLoopDelay({ resolution: 20 });
	delay.enable();
	const gauge = (name: string, description: string, unit: string, read: () => number) =>
		meter.createObservableGauge(name, { description, unit }).addCallback((result) => result.observe(read()));
	gauge('process.memory.usage', 'Memory of the process', 'By', () => process.memoryUsage.rss());
	gauge('process.uptime', 'Since the process began', 's', () => process.uptime());
	gauge('nodejs.eventloop.delay.p99', 'How late timers were, since the last reading', 's', () => {
		const late = delay.percentile(99) / 1e9;
		delay.reset();
		return late;
	});
	gauge('summit.streams.open', 'Open pages that get events', '{stream}', openStreams);
	gauge('summit.events.connected', '1 while events of the database arrive', '1', () =>
		eventListener()?.connected() ? 1 : 0
	);
	meter
		.createObservableGauge('db.client.connection.count', {
			description: 'Connections of the app itself',
			unit: '{connection}'
		})
		.addCallback((result) => {
			for (const [state, count] of Object.entries(poolUse())) result.observe(count, { state });
		});
}
