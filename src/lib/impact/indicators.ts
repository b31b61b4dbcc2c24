/* The outcome frame: the strategy's four objectives, what is learned across them, and the indicators of each. No I/O. */

/** The indicators by objective, in the order of the report. */
export const frame = {
	knowledge: ['sessions', 'documents', 'documents_opened', 'recordings', 'minutes'],
	collaboration: ['confirmed', 'members', 'countries', 'attended_hall', 'attended_online', 'languages', 'questions'],
	empowerment: ['captioned', 'content_notes', 'needs'],
	advocacy: ['commitments', 'delivered', 'earlier_delivered'],
	learning: ['feedback_answers', 'feedback']
} as const;

/** An objective of the strategy; learning is across all four. */
export type Objective = keyof typeof frame;
export type IndicatorKey = (typeof frame)[Objective][number];

/** The objectives in their order. */
export const objectives = Object.keys(frame) as readonly Objective[];

/** Every indicator in its order. */
export const indicatorKeys: readonly IndicatorKey[] = Object.values(frame).flat();

/** Where organisers write: before, in each objective, and after. */
export const places = ['intro', ...objectives, 'closing'] as const;
export type ReportPlace = (typeof places)[number];

/** Whether a value names a place. */
export const isReportPlace = (value: unknown): value is ReportPlace => places.some((place) => place === value);
