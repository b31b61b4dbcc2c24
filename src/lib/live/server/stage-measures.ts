/* What browsers report of stages, as metrics: by Summit, kind of room and mode alone. */
import { metrics, type Counter, type Histogram } from '@opentelemetry/api';

/** A report, as src/lib/stage/quality-report.ts checks it. */
export interface StageQuality {
	summit: string;
	kind: string;
	mode: string;
	joins: Record<string, number>;
	/** Milliseconds. */
	firstFrames: readonly number[];
	reconnects: number;
	seconds: Record<string, number>;
	losses: readonly number[];
}

interface Instruments {
	joins: Counter;
	firstFrame: Histogram;
	reconnects: Counter;
	watched: Counter;
	loss: Histogram;
}

let made: Instruments | undefined;

// Not before the first use: what is made before a provider is there measures nothing.
function instruments(): Instruments {
	if (made) return made;
	const meter = metrics.getMeter('global-summit');
	return (made = {
		joins: meter.createCounter('summit.stage.joins', { description: 'Attempts to join a stage, by how they ended' }),
		firstFrame: meter.createHistogram('summit.stage.first_frame', {
			unit: 's',
			description: 'From the press on the button to the first picture',
			advice: { explicitBucketBoundaries: [0.5, 1, 1.5, 2, 3, 5, 8, 13, 20, 30, 60] }
		}),
		reconnects: meter.createCounter('summit.stage.reconnects', { description: 'Connections to stages that broke' }),
		watched: meter.createCounter('summit.stage.watched', { unit: 's', description: 'Seconds on stages, by quality' }),
		loss: meter.createHistogram('summit.stage.packet_loss', {
			description: 'Shares of packets that were lost, of ten seconds each',
			advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] }
		})
	});
}

/** Counts a report. */
export function recordStageQuality({ summit, kind, mode, ...report }: StageQuality): void {
	const of = { summit, kind, mode };
	const { joins, firstFrame, reconnects, watched, loss } = instruments();
	for (const [outcome, count] of Object.entries(report.joins)) if (count > 0) joins.add(count, { ...of, outcome });
	for (const took of report.firstFrames) firstFrame.record(took / 1000, of);
	if (report.reconnects > 0) reconnects.add(report.reconnects, of);
	for (const [quality, seconds] of Object.entries(report.seconds))
		if (seconds > 0) watched.add(seconds, { ...of, quality });
	for (const share of report.losses) loss.record(share, of);
}
