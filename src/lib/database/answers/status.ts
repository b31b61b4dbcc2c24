import { domains } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** A notice about what does not work. */
const noticeFields = {
	id: v.string(),
	/** Null: of the whole site. */
	summit_id: v.nullable(v.string()),
	severity: v.picklist(domains.notice_severity),
	parts: v.array(v.picklist(domains.site_part)),
	/** By language. */
	texts: v.record(v.string(), v.looseObject({ title: v.string(), body: v.optional(v.string()) })),
	original: v.string(),
	is_banner: v.boolean(),
	starts_at: v.string(),
	/** Null: until it is resolved. */
	ends_at: v.nullable(v.string()),
	resolved_at: v.nullable(v.string()),
	/** The newest first. */
	updates: v.array(
		v.strictObject({ stage: v.picklist(domains.notice_stage), texts: v.record(v.string(), v.string()), at: v.string() })
	)
};

/** As everybody sees it. */
export const StatusNotice = v.strictObject({ ...noticeFields, summit_name: v.nullable(TextMap) });
export type StatusNotice = v.InferOutput<typeof StatusNotice>;

/** As organisers see it. */
export const OwnStatusNotice = v.strictObject({ ...noticeFields, may_change: v.boolean() });
export type OwnStatusNotice = v.InferOutput<typeof OwnStatusNotice>;

/** Minutes of a day (UTC) in which a part worked, and in which it did not. */
export const PartDay = v.strictObject({
	day: v.string(),
	part: v.picklist(domains.site_part),
	good: v.number(),
	bad: v.number()
});
export type PartDay = v.InferOutput<typeof PartDay>;

/** Requests of a time; `times`: how many took up to 0.1, 0.25, 0.5, 1, 2.5, 5, 10 seconds, and longer. */
const requests = { requests: v.number(), failed: v.number(), slow: v.number(), times: v.array(v.number()) };
export const RequestTotals = v.strictObject(requests);
export type RequestTotals = v.InferOutput<typeof RequestTotals>;

export const Reliability = v.strictObject({
	/** Since when there are measures. */
	since: v.nullable(v.string()),
	month: RequestTotals,
	summit: RequestTotals,
	/** The last 30, the oldest first. */
	days: v.array(v.strictObject({ day: v.string(), ...requests }))
});
export type Reliability = v.InferOutput<typeof Reliability>;

/** What everybody may know. */
export const SiteStatus = v.strictObject({ notices: v.array(StatusNotice), days: v.array(PartDay) });
export type SiteStatus = v.InferOutput<typeof SiteStatus>;

/** What these functions answer. */
export const answers = {
	post_status_notice: answer({ ok: { id: v.string() }, invalid: { fault: v.string() } }, 'already', 'not_allowed'),
	list_status_notices: v.nullable(v.strictObject({ may_write_site: v.boolean(), notices: v.array(OwnStatusNotice) })),
	read_reliability: v.nullable(Reliability)
} satisfies Answers;
export const privateAnswers = { read_status: SiteStatus } satisfies PrivateAnswers;
