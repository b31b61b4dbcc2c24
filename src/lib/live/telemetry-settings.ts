/* What the environment says about metrics and traces. Pure. */

/** Where metrics and traces of a process go; nothing is measured where both are missing. */
export interface TelemetrySettings {
	/** With which a scraper reads `/api/metrics`; null: nobody does. */
	token: string | null;
	/** The collector that metrics and traces are sent to by OTLP over HTTP, at `/v1/…` behind this address; null: none. */
	collector: string | null;
	/** Headers of what is sent there, such as a key. */
	headers: Record<string, string>;
	/** Which share of requests is traced, 0 to 1. */
	traced: number;
}

const header = /^[\w-]+=([^,=\s]+)$/;

/** Whether a text is a header, of which the value can be decoded. */
function isHeader(text: string): boolean {
	const [, value] = header.exec(text) ?? [];
	try {
		return value !== undefined && decodeURIComponent(value) !== '';
	} catch {
		return false;
	}
}

/** Which values the variables take. */
export const telemetryForms = {
	METRICS_TOKEN: { test: (value: string) => value.length >= 16, form: 'a secret of 16 characters or more' },
	OTEL_EXPORTER_OTLP_ENDPOINT: {
		test: (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
		form: 'an address such as http://collector:4318'
	},
	OTEL_EXPORTER_OTLP_HEADERS: {
		test: (value: string) => value.split(',').every((each) => isHeader(each.trim())),
		form: 'name=value, several by comma; values percent-encoded, so that a percent sign itself is %25'
	},
	OTEL_TRACES_SAMPLER_ARG: {
		test: (value: string) => /^(?:0|1|0?\.\d{1,6}|1\.0)$/.test(value),
		form: 'a share from 0 to 1, such as 0.1'
	}
};

/** Reads the variables; what is not in its form counts as not set. */
export function readTelemetrySettings(env: Record<string, string | undefined>): TelemetrySettings {
	const given = (name: keyof typeof telemetryForms, value: string | undefined) =>
		value && telemetryForms[name].test(value) ? value : null;
	const headers = given('OTEL_EXPORTER_OTLP_HEADERS', env['OTEL_EXPORTER_OTLP_HEADERS']) ?? '';
	return {
		token: given('METRICS_TOKEN', env['METRICS_TOKEN']),
		collector: given('OTEL_EXPORTER_OTLP_ENDPOINT', env['OTEL_EXPORTER_OTLP_ENDPOINT']),
		headers: Object.fromEntries(
			headers
				.split(',')
				.filter((each) => each.trim() !== '')
				.map((each) => each.trim().split('=', 2) as [string, string])
				.map(([name, value]) => [name, decodeURIComponent(value)])
		),
		traced: Number(given('OTEL_TRACES_SAMPLER_ARG', env['OTEL_TRACES_SAMPLER_ARG']) ?? '0.1')
	};
}
