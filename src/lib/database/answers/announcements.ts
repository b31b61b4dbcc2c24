import { enums } from '#lib/database/types.ts';
import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** An announcement as one of its readers sees it. */
export const Announcement = v.strictObject({
	id: v.string(),
	/** The language that it is shown in. */
	language: v.picklist(locales),
	title: v.string(),
	body: v.string(),
	/** The page that it links to, under the Summit's address; null: none. */
	page: v.nullable(v.string()),
	urgent: v.boolean(),
	/** When it was made, ISO. */
	at: v.string(),
	seen: v.boolean()
});
export type Announcement = v.InferOutput<typeof Announcement>;

/** A sent announcement with its reach, as organisers see it. */
export const SentAnnouncement = v.strictObject({
	texts: v.record(v.picklist(locales), v.strictObject({ title: v.string(), body: v.optional(v.string()) })),
	original: v.picklist(locales),
	urgent: v.boolean(),
	push: v.boolean(),
	mail: v.boolean(),
	id: v.string(),
	audience: v.picklist(enums.announcement_audience),
	mode: v.nullable(v.picklist(enums.attendance_mode)),
	language: v.nullable(v.picklist(locales)),
	room: v.nullable(TextMap),
	session: v.nullable(TextMap),
	at: v.string(),
	until: v.string(),
	withdrawn_at: v.nullable(v.string()),
	by: v.nullable(v.string()),
	/** Counts; null: to everybody of a session for those listed. */
	people: v.nullable(v.number()),
	delivered: v.nullable(v.number()),
	seen: v.nullable(v.number()),
	mailed: v.nullable(v.number()),
	pushed: v.nullable(v.number()),
	push_failed: v.number()
});
export type SentAnnouncement = v.InferOutput<typeof SentAnnouncement>;

/** What these functions answer. */
export const answers = {
	list_my_announcements: v.array(Announcement),
	count_announcement_recipients: answer(
		{ ok: { people: v.number(), push: v.number(), mail: v.number() } },
		'invalid',
		'not_allowed'
	),
	announce: answer(
		{
			ok: { id: v.string(), people: v.nullable(v.number()) },
			already: { id: v.string() },
			invalid: { fault: v.string() }
		},
		'nobody',
		'not_allowed'
	),
	list_announcements: v.nullable(v.array(SentAnnouncement))
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	deliver_announcements: v.nullable(v.array(Announcement)),
	claim_pushes: v.strictObject({
		id: v.string(),
		endpoint: v.string(),
		p256dh: v.string(),
		auth: v.string(),
		locale: v.string(),
		wording: v.nullable(
			v.strictObject({
				subject: v.string(),
				body: v.nullable(v.string())
			})
		),
		slug: v.string(),
		summit_name: TextMap,
		page: v.nullable(v.string()),
		is_urgent: v.boolean(),
		seconds: v.number()
	}),
	record_push_result: v.nullable(v.date()),
	sweep_pushes: v.strictObject({
		id: v.string()
	})
} satisfies PrivateAnswers;
