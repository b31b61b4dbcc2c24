import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** A page (`link`) or a file (`attachment`) on the web; `title` may be ''. */
export const SessionLink = v.strictObject({
	url: v.string(),
	title: v.string(),
	kind: v.picklist(['link', 'attachment'])
});
export type SessionLink = v.InferOutput<typeof SessionLink>;

/** A time of a session in the draft; instants in ISO UTC, rooms by slug. */
export const DraftSlot = v.strictObject({
	id: v.string(),
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});
export type DraftSlot = v.InferOutput<typeof DraftSlot>;

/** How a session of the draft differs from the newest release; null for one that is only an idea. */
export const DraftChange = v.nullable(
	v.picklist(['new', 'changed', 'moved', 'cancelled', 'restored', 'withdrawn', 'none'])
);
export type DraftChange = v.InferOutput<typeof DraftChange>;

/** A session in the list of the draft. */
export const DraftEntry = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	level: v.picklist(enums.confidentiality),
	state: v.picklist(enums.session_state),
	format: v.nullable(TextMap),
	track: v.nullable(TextMap),
	is_break: v.boolean(),
	slots: v.array(DraftSlot),
	people: v.number(),
	change: DraftChange
});
export type DraftEntry = v.InferOutput<typeof DraftEntry>;

/** The draft of a Summit's agenda. */
export const Draft = v.strictObject({
	release: v.nullable(
		v.strictObject({
			number: v.number(),
			released_at: v.string()
		})
	),
	sessions: v.array(DraftEntry)
});
export type Draft = v.InferOutput<typeof Draft>;

/** A person of a session. */
export const DraftPerson = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	role: v.picklist(enums.session_role),
	state: v.picklist(enums.participation_state),
	/** Only a name so far, without an account. */
	is_unclaimed: v.boolean()
});
export type DraftPerson = v.InferOutput<typeof DraftPerson>;

/** One line of the audience list: a sector, a category, or by name a member or a person. */
export const DraftAudience = v.strictObject({
	id: v.string(),
	sector: v.nullable(v.string()),
	category: v.nullable(v.string()),
	kind: v.nullable(v.picklist(['person', 'member'])),
	name: v.nullable(v.string())
});
export type DraftAudience = v.InferOutput<typeof DraftAudience>;

/** One session of the draft, for its form. */
export const DraftSession = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap,
	links: v.array(SessionLink),
	format_id: v.nullable(v.string()),
	track_id: v.nullable(v.string()),
	level: v.picklist(enums.confidentiality),
	audience: v.picklist(enums.session_audience),
	attendance: v.picklist(enums.session_attendance),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	is_recorded: v.boolean(),
	is_break: v.boolean(),
	state: v.picklist(enums.session_state),
	version: v.number(),
	stage_format: v.picklist(enums.stage_format),
	slots: v.array(DraftSlot),
	people: v.array(DraftPerson),
	audiences: v.array(DraftAudience),
	change: DraftChange
});
export type DraftSession = v.InferOutput<typeof DraftSession>;

/** What an imported file contained about an event beside its links: web addresses and a licence; '' where absent. */
export const SessionOrigin = v.strictObject({
	url: v.string(),
	feedback_url: v.string(),
	logo: v.string(),
	license: v.string()
});
export type SessionOrigin = v.InferOutput<typeof SessionOrigin>;

/** What saving a session answers. */
export const SessionSaved = answer(
	{ ok: { id: v.string() }, conflict: { id: v.string(), version: v.number() } },
	'not_allowed',
	'unknown',
	'room_taken',
	'invalid',
	'wrong_state'
);
export type SessionSaved = v.InferOutput<typeof SessionSaved>;

/** A group, as a session names it. */
const NamedGroup = v.strictObject({ code: v.string(), name: TextMap });

/** The groups of a session that its organiser sees, and those that they may choose for it. */
export const SessionGroups = v.strictObject({
	groups: v.array(v.strictObject({ ...NamedGroup.entries, is_ended: v.boolean() })),
	choices: v.array(NamedGroup)
});
export type SessionGroups = v.InferOutput<typeof SessionGroups>;

/** What these functions answer. */
export const answers = {
	read_draft: Draft,
	read_draft_session: v.nullable(DraftSession),
	read_session_groups: v.nullable(SessionGroups),
	read_session_origins: v.array(SessionOrigin),
	save_session: SessionSaved,
	edit_session: SessionSaved
} satisfies Answers;
