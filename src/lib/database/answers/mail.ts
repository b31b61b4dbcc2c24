import { enums } from '#lib/database/types.ts';
import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';
import { InvitedEvent } from './calendar.ts';

/** A mail as organisers see it: never its address nor its text. */
export const ListedMail = v.strictObject({
	id: v.string(),
	template: v.string(),
	locale: v.string(),
	attempts: v.number(),
	last_error: v.nullable(v.string()),
	created_at: v.string(),
	send_after: v.string(),
	sent_at: v.nullable(v.string()),
	/** As shown to everyone; null or '' when there is none. */
	display_name: v.nullable(v.string())
});
export type ListedMail = v.InferOutput<typeof ListedMail>;

/** The mails of one state, with the counts of all. */
export const MailList = v.strictObject({
	counts: v.record(v.picklist(enums.mail_state), v.number()),
	/** How many of the dead ones came back or were reported as spam: they are sent again only one by one. */
	returned: v.number(),
	/** Since when the oldest overdue mail has been waiting. */
	oldest_due_at: v.nullable(v.string()),
	rows: v.array(ListedMail)
});
export type MailList = v.InferOutput<typeof MailList>;

/** How many people a message would go to. */
export const GroupCount = v.strictObject({
	total: v.number(),
	reachable: v.number(),
	unreachable: v.number(),
	/** By the language in which they read. */
	languages: v.record(v.picklist(locales), v.number())
});
export type GroupCount = v.InferOutput<typeof GroupCount>;

/** The audience of a message; '' is everybody. Without states: all with a submitted registration that is not declined or withdrawn. */
export const GroupFilters = v.strictObject({
	states: v.array(v.picklist(enums.registration_state)),
	mode: v.string(),
	sector: v.string(),
	region: v.string(),
	country: v.string(),
	category: v.string(),
	member: v.string(),
	language: v.string(),
	/** 'missing': who has not answered the required fields of the logistics form. */
	logistics: v.string(),
	/** 'spoke', or 'attended' without speaking. */
	part: v.string()
});
export type GroupFilters = v.InferOutput<typeof GroupFilters>;

/** The text of one mail in one language. A subject may have several lines; the first whose conditions hold is used. */
export const Wording = v.strictObject({
	subject: v.string(),
	body: v.string()
});
export type Wording = v.InferOutput<typeof Wording>;

export const MailOutcome = v.picklist(['failed', 'queued', 'sent', 'waiting', 'cancelled', 'unreachable']);
export type MailOutcome = v.InferOutput<typeof MailOutcome>;

/** A message with its state. */
export const GroupMessage = v.strictObject({
	id: v.string(),
	state: v.picklist(['draft', 'sending', 'paused', 'cancelled', 'done']),
	version: v.number(),
	filters: v.partial(GroupFilters),
	texts: v.record(v.picklist(locales), Wording),
	original: v.picklist(locales),
	page: v.nullable(v.string()),
	total: v.nullable(v.number()),
	created_at: v.string(),
	created_by: v.nullable(v.string()),
	sent_at: v.nullable(v.string()),
	sent_by: v.nullable(v.string()),
	outcomes: v.record(MailOutcome, v.number())
});
export type GroupMessage = v.InferOutput<typeof GroupMessage>;

/** Another message that went to many of the same people. */
const SimilarMessage = v.strictObject({
	id: v.string(),
	by: v.nullable(v.string()),
	sent_at: v.string(),
	shared: v.number()
});

/** The result for one person, by the displayed name. */
export const PersonOutcome = v.strictObject({
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	locale: v.picklist(locales),
	outcome: MailOutcome,
	error: v.nullable(v.string()),
	at: v.nullable(v.string())
});
export type PersonOutcome = v.InferOutput<typeof PersonOutcome>;

/** A recipient for whom the message is previewed. */
export const MessageReader = v.strictObject({
	registration_id: v.string(),
	reference: v.string(),
	mode: v.picklist(enums.attendance_mode),
	display_name: v.string(),
	/** The language in which they read this message. */
	locale: v.picklist(locales)
});
export type MessageReader = v.InferOutput<typeof MessageReader>;

/** One saved version of the text of a mail; without a text it restores our default. */
export const WordingVersion = v.strictObject({
	template: v.string(),
	locale: v.picklist(locales),
	version: v.number(),
	subject: v.nullable(v.string()),
	body: v.nullable(v.string()),
	saved_at: v.string(),
	/** As shown to everyone; null when their record is gone. */
	saved_by: v.nullable(v.string())
});
export type WordingVersion = v.InferOutput<typeof WordingVersion>;

/** The Summit's facts for a mail. */
export const MailSummit = v.strictObject({
	slug: v.string(),
	name: TextMap,
	zone: v.string(),
	starts_on: v.string(),
	ends_on: v.string(),
	venue_name: TextMap,
	city: TextMap,
	reply_to: v.nullable(v.string())
});
export type MailSummit = v.InferOutput<typeof MailSummit>;

/** What these functions answer. */
export const answers = {
	list_mail: answer({ ok: MailList.entries }, 'not_allowed'),
	count_group_message_readers: answer({ ok: GroupCount.entries }, 'not_allowed'),
	list_group_messages: v.nullable(
		v.strictObject({
			per_minute: v.number(),
			messages: v.array(GroupMessage)
		})
	),
	save_group_message: answer(
		{
			ok: { id: v.string(), version: v.number() },
			sent: { id: v.string() },
			stale: { id: v.string(), version: v.number() }
		},
		'invalid',
		'not_allowed'
	),
	send_group_message: answer(
		{
			ok: { total: v.number() },
			already: { total: v.nullable(v.number()) },
			changed: { total: v.number(), similar: v.nullable(SimilarMessage) },
			similar: { total: v.number(), similar: SimilarMessage },
			nobody: { total: v.number(), similar: v.nullable(SimilarMessage) }
		},
		'stale',
		'not_allowed'
	),
	list_group_message_outcomes: v.nullable(v.array(PersonOutcome)),
	list_group_message_samples: v.nullable(v.array(MessageReader)),
	list_mail_texts: v.nullable(v.array(WordingVersion)),
	save_mail_text: answer(
		{ ok: { version: v.number() }, unchanged: { version: v.number() }, stale: { version: v.number() } },
		'invalid',
		'not_allowed'
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	claim_invitations: v.array(InvitedEvent),
	claim_mail: v.strictObject({
		id: v.string(),
		claim: v.string(),
		template: v.string(),
		locale: v.string(),
		/** The values of its template: each has others. */
		params: v.record(v.string(), v.unknown()),
		priority: v.number(),
		attempts: v.nullable(v.number()),
		address_sealed: v.nullable(v.instance(Buffer)),
		address_key_id: v.nullable(v.string()),
		secret: v.nullable(v.instance(Buffer)),
		secret_key_id: v.nullable(v.string()),
		time_zone: v.nullable(v.string()),
		summit: v.nullable(MailSummit),
		wording: v.nullable(Wording)
	}),
	mark_mail_failed: v.nullable(v.date()),
	extend_mail_claim: v.boolean(),
	sweep_mail: v.strictObject({
		id: v.string(),
		priority: v.number(),
		run_at: v.nullable(v.date())
	})
} satisfies PrivateAnswers;
