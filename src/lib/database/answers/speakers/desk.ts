import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { LastCheck, SessionWording } from './work.ts';

/** The state of the reader's seat as a speaker. */
export const SpeakerSeat = v.strictObject({
	/** `none`, or the state of the registration. */
	state: v.string(),
	/** May register although registration is closed for others. */
	late: v.boolean(),
	/** No seat of the pool is free. */
	waits: v.boolean()
});
export type SpeakerSeat = v.InferOutput<typeof SpeakerSeat>;

/** A person of the agenda, with their seat for organisers. */
export const ListedSeat = v.strictObject({
	person: v.string(),
	name: v.string(),
	/** Of the registration, where there is one. */
	state: v.picklist(['no_account', 'none', ...enums.registration_state]),
	mode: v.nullable(v.picklist(enums.attendance_mode)),
	category: v.nullable(v.string()),
	pool: v.nullable(v.string()),
	/** Why it waits for a seat. */
	reason: v.nullable(v.picklist(enums.queue_reason))
});
export type ListedSeat = v.InferOutput<typeof ListedSeat>;

/** One speaker in the list: the progress of each task. */
export const SpeakerRow = v.strictObject({
	person_id: v.string(),
	code: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	sessions: v.array(
		v.strictObject({
			id: v.string(),
			title: TextMap,
			role: v.picklist(enums.session_role),
			state: v.picklist(['invited', 'confirmed']),
			level: v.picklist(enums.confidentiality)
		})
	),
	tasks: v.record(
		v.picklist(['slides', 'texts', 'answer', 'profile', 'consents', 'availability', 'languages', 'check']),
		v.strictObject({
			done: v.number(),
			asked: v.number()
		})
	),
	device: v.nullable(LastCheck),
	reminded_at: v.nullable(v.string()),
	/** There is an address to write to. */
	has_mail: v.boolean()
});
export type SpeakerRow = v.InferOutput<typeof SpeakerRow>;

/** A page of the list; `counts`: people with open tasks, by task; `suggestions`: the number that wait. */
export const SpeakerList = v.strictObject({
	total: v.number(),
	all: v.number(),
	counts: v.record(
		v.picklist(['slides', 'texts', 'answer', 'profile', 'consents', 'availability', 'languages', 'check']),
		v.number()
	),
	suggestions: v.number(),
	rows: v.array(SpeakerRow)
});
export type SpeakerList = v.InferOutput<typeof SpeakerList>;

/** The deadlines of speakers' tasks, and their reminders. */
export const SpeakerSettings = v.strictObject({
	profile_due_at: v.nullable(v.string()),
	texts_due_at: v.nullable(v.string()),
	availability_due_at: v.nullable(v.string()),
	check_due_at: v.nullable(v.string()),
	first_reminder_days: v.number(),
	last_reminder_days: v.number(),
	questions_per_person: v.number()
});
export type SpeakerSettings = v.InferOutput<typeof SpeakerSettings>;

/** Texts that a speaker suggested after the deadline, beside the present ones. */
export const TextSuggestion = v.strictObject({
	id: v.string(),
	session_id: v.string(),
	code: v.string(),
	level: v.picklist(enums.confidentiality),
	by: v.string(),
	suggested_at: v.string(),
	version: v.number(),
	now: SessionWording,
	base: SessionWording,
	texts: SessionWording
});
export type TextSuggestion = v.InferOutput<typeof TextSuggestion>;

/** A person whom a speaker suggested for their session. */
export const CoSpeakerSuggestion = v.strictObject({
	id: v.string(),
	session_id: v.string(),
	code: v.string(),
	title: TextMap,
	level: v.picklist(enums.confidentiality),
	by: v.string(),
	display_name: v.string(),
	part: v.picklist(enums.session_role),
	note: v.string(),
	suggested_at: v.string()
});
export type CoSpeakerSuggestion = v.InferOutput<typeof CoSpeakerSuggestion>;

/** What these functions answer. */
export const answers = {
	my_speaker_seat: v.nullable(SpeakerSeat),
	read_speaker_seats: v.array(ListedSeat),
	list_speakers: v.nullable(SpeakerList),
	remind_speakers: answer({ ok: { mails: v.number(), people: v.number() } }, 'not_allowed'),
	read_speaker_settings: v.nullable(SpeakerSettings),
	list_text_suggestions: v.array(TextSuggestion),
	list_co_speaker_suggestions: v.array(CoSpeakerSuggestion)
} satisfies Answers;
