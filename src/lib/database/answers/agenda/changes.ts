import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { FindingCode } from './checks.ts';
import { ChangeKind, Slot } from './sessions.ts';

/** One side of a change: only the people who are not on the other. */
export const Version = v.strictObject({
	title: TextMap,
	places: v.array(Slot),
	content_note: TextMap,
	people: v.array(
		v.strictObject({
			code: v.string(),
			display_name: v.string(),
			role: v.picklist(enums.session_role)
		})
	)
});
export type Version = v.InferOutput<typeof Version>;

/** A session that differs between two releases; `before` is null for a new one, `after` for a removed one. */
export const SessionChange = v.strictObject({
	id: v.string(),
	code: v.string(),
	is_break: v.boolean(),
	kinds: v.array(ChangeKind),
	before: v.nullable(Version),
	after: v.nullable(Version)
});
export type SessionChange = v.InferOutput<typeof SessionChange>;

/** What changed in the reader's own sessions since their last visit, up to the newest release. */
export const OwnChanges = v.strictObject({
	number: v.number(),
	changes: v.array(SessionChange)
});
export type OwnChanges = v.InferOutput<typeof OwnChanges>;

/** A release in the list of all. */
export const ListedRelease = v.strictObject({
	number: v.number(),
	released_at: v.string(),
	note: TextMap,
	/** A live change: made from the previous release and chosen changes. */
	is_live_change: v.boolean()
});
export type ListedRelease = v.InferOutput<typeof ListedRelease>;

/** The changes between two releases, for one reader; no numbers where there are not two. */
export const Changelog = v.strictObject({
	from: v.nullable(v.number()),
	to: v.nullable(v.number()),
	releases: v.array(ListedRelease),
	changes: v.array(SessionChange)
});
export type Changelog = v.InferOutput<typeof Changelog>;

/** Somebody whom a release concerns, and how they hear of it. */
export const NotifiedPerson = v.strictObject({
	display_name: v.string(),
	is_speaking: v.boolean(),
	sessions: v.number(),
	by: v.picklist(['mail', 'page', 'unreachable'])
});
export type NotifiedPerson = v.InferOutput<typeof NotifiedPerson>;

/** What publishing now would do. */
const ReleasePreview = v.strictObject({
	/** The newest release; null before the first. */
	number: v.nullable(v.number()),
	released_at: v.nullable(v.string()),
	changes: v.array(SessionChange),
	/** What blocks publishing. */
	checks: v.array(
		v.strictObject({
			code: FindingCode,
			sessions: v.array(
				v.strictObject({
					id: v.string(),
					title: TextMap
				})
			)
		})
	),
	notified: v.strictObject({
		page: v.number(),
		mail: v.number(),
		speakers: v.number(),
		delegates: v.number(),
		unreachable: v.number()
	}),
	people: v.array(NotifiedPerson)
});

/** What these functions answer. */
export const answers = {
	read_unread_changes: v.nullable(OwnChanges),
	read_changelog: v.nullable(Changelog),
	preview_release: answer({ ok: ReleasePreview.entries }, 'not_allowed'),
	publish_release: answer(
		{
			ok: { number: v.number() },
			/** The newest release, which the organiser had not seen; nulls when there is none. */
			published_meanwhile: {
				number: v.nullable(v.number()),
				released_at: v.nullable(v.string()),
				by: v.nullable(v.string())
			},
			/** The checks that block it, as `preview_release` lists them by code. */
			blocked: { checks: v.array(v.strictObject({ code: FindingCode, sessions: v.array(v.string()) })) }
		},
		'not_allowed',
		'invalid_note',
		'nothing_to_release'
	)
} satisfies Answers;
