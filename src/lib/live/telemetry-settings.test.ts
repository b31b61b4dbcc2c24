import { expect, test } from 'vitest';
import { readTelemetrySettings, telemetryForms } from './telemetry-settings.ts';

test('nothing is measured unless the environment asks for it', () => {
	expect(readTelemetrySettings({})).toEqual({ token: null, collector: null, headers: {}, traced: 0.1 });
});

test('reads a token, a collector with its headers, and the share of traced requests', () => {
	expect(
		readTelemetrySettings({
			METRICS_TOKEN: 'a-secret-of-the-scraper',
			OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.org:4318',
			OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20key, tenant=summit',
			OTEL_TRACES_SAMPLER_ARG: '1'
		})
	).toEqual({
		token: 'a-secret-of-the-scraper',
		collector: 'https://collector.example.org:4318',
		headers: { authorization: 'Bearer key', tenant: 'summit' },
		traced: 1
	});
});

test('what is not in its form counts as not set', () => {
	expect(
		readTelemetrySettings({
			METRICS_TOKEN: 'short',
			OTEL_EXPORTER_OTLP_ENDPOINT: 'file:///etc',
			OTEL_EXPORTER_OTLP_HEADERS: 'no value',
			OTEL_TRACES_SAMPLER_ARG: '2'
		})
	).toEqual({ token: null, collector: null, headers: {}, traced: 0.1 });
});

test('a header that cannot be decoded is refused by its form, and ends no process', () => {
	for (const value of ['key=100%', 'a=1,key=%E0%A4%A', 'key=%zz']) {
		expect(telemetryForms.OTEL_EXPORTER_OTLP_HEADERS.test(value), value).toBe(false);
		expect(readTelemetrySettings({ OTEL_EXPORTER_OTLP_HEADERS: value }).headers).toEqual({});
	}
	expect(telemetryForms.OTEL_EXPORTER_OTLP_HEADERS.test('key=100%25,b=%E0%A4%A4')).toBe(true);
});
