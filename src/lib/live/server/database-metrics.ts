/*
 * What the database counts, as metrics. Not as instruments: those go on giving the last value of a kind that is gone, and of a database
 * that is away.
 */
import { ValueType, type HrTime } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
	AggregationTemporality,
	DataPointType,
	type MetricData,
	type MetricProducer
} from '@opentelemetry/sdk-metrics';

/** What the database counts, as `private.read_measures` answers it. */
export interface Measure {
	name: string;
	labels: Record<string, string>;
	value: number;
}

/** What is read of the database each time, and its unit. */
export const countedMetrics = {
	jobs_due: ['Jobs that are due', '{job}'],
	jobs_given_up: ['Jobs that failed too often', '{job}'],
	jobs_oldest_seconds: ['The age of the oldest job that is due and not begun', 's'],
	mails: ['Mails that are not sent, by state', '{mail}'],
	mails_oldest_seconds: ['The age of the oldest mail that is due', 's'],
	seats: ['Seats of open Summits: capacity, held and taken', '{seat}'],
	queue: ['Registrations that wait for a seat', '{registration}'],
	live_sessions: ['Sessions on air', '{session}'],
	connections: ['Connections to live rooms', '{connection}'],
	backup_age_seconds: ['The age of the last good backup', 's'],
	wal_age_seconds: ['Since all of the log of a local database had been archived', 's']
} as const;

const isCounted = (name: string): name is keyof typeof countedMetrics => Object.hasOwn(countedMetrics, name);

/** Asks the database each time; while it is away its metrics are missing, which an alert notices. */
export const databaseMetrics = (resource: Resource, read: () => Promise<readonly Measure[]>): MetricProducer => ({
	collect: async () => {
		const measures = await read().catch(() => null);
		const metrics = Object.entries(Object.groupBy(measures ?? [], ({ name }) => name)).flatMap(([name, each = []]) =>
			isCounted(name) ? [gaugeOf(name, each)] : []
		);
		const scopeMetrics = [{ scope: { name: 'global-summit' }, metrics }];
		return { resourceMetrics: { resource, scopeMetrics }, errors: [] };
	}
});

function gaugeOf(name: keyof typeof countedMetrics, measures: readonly Measure[]): MetricData {
	const now = Date.now();
	const time: HrTime = [Math.floor(now / 1000), (now % 1000) * 1_000_000];
	const [description, unit] = countedMetrics[name];
	return {
		descriptor: { name: `summit.${name}`, description, unit, valueType: ValueType.DOUBLE },
		aggregationTemporality: AggregationTemporality.CUMULATIVE,
		dataPointType: DataPointType.GAUGE,
		dataPoints: measures.map(({ labels, value }) => ({ startTime: time, endTime: time, attributes: labels, value }))
	};
}
