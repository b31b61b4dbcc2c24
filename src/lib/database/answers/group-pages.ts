import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** A page of a group in its list. */
export const GroupPageEntry = v.strictObject({
	code: v.string(),
	title: TextMap,
	is_published: v.boolean(),
	/** For its writers: the draft, or who is to read it, differs from what is published. */
	is_changed: v.boolean()
});
export type GroupPageEntry = v.InferOutput<typeof GroupPageEntry>;

/** A page of a group. Draft and versions are for those who write it. */
export const GroupPage = v.strictObject({
	code: v.string(),
	group: v.strictObject({ code: v.string(), name: TextMap }),
	writes: v.boolean(),
	shown: v.nullable(
		v.strictObject({
			number: v.number(),
			title: TextMap,
			body: TextMap,
			/** Who reads it besides the people of the group; `closed`: nobody. */
			level: v.picklist(enums.group_level),
			published_at: v.string()
		})
	),
	draft: v.nullable(v.strictObject({ title: TextMap, body: TextMap, for_readers: v.boolean(), version: v.number() })),
	versions: v.nullable(
		v.array(
			v.strictObject({
				number: v.number(),
				title: TextMap,
				published_at: v.string(),
				display_name: v.nullable(v.string())
			})
		)
	)
});
export type GroupPage = v.InferOutput<typeof GroupPage>;

/** What these functions of the API answer. */
export const answers = {
	list_group_pages: v.array(GroupPageEntry),
	read_group_page: v.nullable(GroupPage),
	save_group_page: answer({ ok: { code: v.string() } }, 'not_found', 'ended', 'conflict', 'invalid', 'limited')
} satisfies Answers;
