import { enums } from '#lib/database/types.ts';
import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { Session, SessionPage } from './sessions.ts';

const role = v.picklist(['public', 'registered']);
const language = v.picklist(locales);

/** A link to a preview, as organisers list it. */
const ListedPreview = v.strictObject({
	id: v.string(),
	name: v.string(),
	role,
	language,
	expires_at: v.string(),
	/** How often it was opened, and when last. */
	reads: v.number(),
	read_at: v.nullable(v.string()),
	by: v.nullable(v.string())
});

/** The draft as a role reads it. */
export const DraftPreview = v.strictObject({
	summit: v.strictObject({
		id: v.string(),
		slug: v.string(),
		name: TextMap,
		zone: v.string(),
		city: TextMap,
		rooms: v.array(
			v.strictObject({
				slug: v.string(),
				name: TextMap,
				kind: v.picklist(enums.room_kind),
				capacity: v.nullable(v.number())
			})
		)
	}),
	role,
	language,
	expires_at: v.string(),
	sessions: v.array(Session)
});
export type DraftPreview = v.InferOutput<typeof DraftPreview>;

/** A session of the draft, and whether the chosen reader may enter it. */
const ReadSession = v.strictObject({ ...Session.entries, entry: SessionPage.entries.entry });

/** What these functions answer. */
export const answers = {
	preview_draft: answer(
		{ ok: { name: v.nullable(v.string()), sessions: v.array(ReadSession) } },
		'not_allowed',
		'unknown'
	),
	list_draft_previews: v.array(ListedPreview)
} satisfies Answers;

/** What these functions of `private` answer. */
export const privateAnswers = {
	read_draft_preview: v.nullable(DraftPreview)
} satisfies PrivateAnswers;
