import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

const Theme = v.strictObject({ slug: v.string(), name: TextMap });
const GroupName = v.strictObject({ code: v.string(), name: TextMap });

/** A file of a version. */
export const LibraryFile = v.strictObject({
	id: v.string(),
	language: v.string(),
	name: v.string(),
	media_type: v.string(),
	/** In bytes. */
	size: v.number()
});
export type LibraryFile = v.InferOutput<typeof LibraryFile>;

const versionFields = {
	code: v.string(),
	number: v.number(),
	kind: v.picklist(enums.library_kind),
	title: TextMap,
	summary: TextMap,
	authors: v.array(v.string()),
	licence: v.picklist(enums.library_licence),
	doi: v.nullable(v.string()),
	issued_on: v.string(),
	theme: v.nullable(Theme),
	level: v.picklist(enums.library_level),
	/** Null also where the reader does not see the group. */
	group: v.nullable(GroupName),
	embargo_until: v.nullable(v.string()),
	note: v.string(),
	published_at: v.nullable(v.string()),
	/** What the reader sees of it. */
	ties: v.strictObject({
		members: v.array(
			v.strictObject({
				code: v.string(),
				name: v.string(),
				is_author: v.boolean(),
				/** Whether the reader finds a page of it. */
				has_page: v.boolean()
			})
		),
		sessions: v.array(v.strictObject({ code: v.string(), summit: v.string(), title: TextMap })),
		groups: v.array(GroupName),
		commitments: v.array(v.strictObject({ code: v.string(), title: TextMap }))
	}),
	files: v.array(LibraryFile)
};

/** One version of an item. */
export const LibraryVersion = v.strictObject(versionFields);
export type LibraryVersion = v.InferOutput<typeof LibraryVersion>;

/** A published version as readers get it. */
export const LibraryItem = v.strictObject({
	...versionFields,
	works: v.boolean(),
	/** How often its files were sent, where that is shown to those who work on it. */
	opened: v.nullable(v.number()),
	/** The version that is shown now. */
	shown: v.number(),
	versions: v.array(v.strictObject({ number: v.number(), published_at: v.string(), note: v.string() }))
});
export type LibraryItem = v.InferOutput<typeof LibraryItem>;

/** The newest version as those who work on it get it. */
export const LibraryWork = v.strictObject({
	...versionFields,
	id: v.string(),
	state: v.picklist(enums.library_state),
	revision: v.number(),
	reviews: v.boolean(),
	submits: v.boolean(),
	/** Whether somebody else has to review it. */
	is_own: v.boolean(),
	is_published: v.boolean(),
	/** How often its files were sent; null where it is not shown. */
	opened: v.nullable(v.number()),
	/** Whether the reader may withdraw it now. */
	withdraws: v.boolean(),
	/** Whether it was never submitted, so that it can be deleted. */
	deletes: v.boolean(),
	/** Whether its newest version was begun after another was published and never submitted, so that it can be discarded. */
	discards: v.boolean(),
	owner: v.nullable(v.string()),
	withdrawn_reason: v.string(),
	steps: v.array(
		v.strictObject({
			number: v.number(),
			step: v.picklist(enums.library_step),
			reason: v.string(),
			made_by: v.nullable(v.string()),
			made_at: v.string()
		})
	)
});
export type LibraryWork = v.InferOutput<typeof LibraryWork>;

const WorkRow = v.strictObject({
	code: v.string(),
	title: TextMap,
	kind: v.picklist(enums.library_kind),
	number: v.number(),
	state: v.picklist(enums.library_state),
	updated_at: v.string(),
	embargo_until: v.nullable(v.string())
});
export type LibraryWorkRow = v.InferOutput<typeof WorkRow>;

const Choices = v.strictObject({
	submits: v.boolean(),
	reviews: v.boolean(),
	themes: v.array(Theme),
	groups: v.array(GroupName)
});
export type LibraryChoices = v.InferOutput<typeof Choices>;

/** A text in pieces, of which hits are marked. */
export const MarkedText = v.strictObject({
	lang: v.nullable(v.string()),
	pieces: v.array(v.strictObject({ text: v.string(), hit: v.boolean() }))
});
export type MarkedText = v.InferOutput<typeof MarkedText>;

const ofSession = { code: v.string(), summit: v.string(), summit_name: TextMap, title: MarkedText };
const Result = v.variant('source', [
	v.strictObject({
		source: v.literal('document'),
		code: v.string(),
		title: MarkedText,
		summary: MarkedText,
		kind: v.picklist(enums.library_kind),
		level: v.picklist(enums.library_level),
		authors: v.array(v.string()),
		issued_on: v.string(),
		languages: v.array(v.string()),
		/** Whether the words are in a file alone. */
		is_in_file: v.boolean()
	}),
	v.strictObject({ source: v.literal('session'), ...ofSession, summary: MarkedText }),
	v.strictObject({
		source: v.literal('recording'),
		...ofSession,
		summary: MarkedText,
		recording: v.string(),
		/** A day of the venue. */
		recorded_on: v.string(),
		length_ms: v.number()
	}),
	v.strictObject({
		source: v.literal('slides'),
		...ofSession,
		file: v.string(),
		kind: v.picklist(enums.file_kind),
		name: v.string(),
		media_type: v.string(),
		/** In bytes. */
		size: v.number(),
		language: v.nullable(v.string())
	}),
	v.strictObject({ source: v.literal('speaker'), ...ofSession }),
	v.strictObject({
		source: v.literal('moment'),
		...ofSession,
		/** What was said. */
		summary: MarkedText,
		recording: v.string(),
		/** In seconds of the file. */
		at: v.number()
	}),
	v.strictObject({
		source: v.literal('commitment'),
		code: v.string(),
		title: MarkedText,
		summary: MarkedText,
		member: v.string()
	})
]);
export type LibraryResult = v.InferOutput<typeof Result>;

const Facet = v.array(v.strictObject({ value: v.string(), count: v.number(), name: v.optional(TextMap) }));
export type LibraryFacet = v.InferOutput<typeof Facet>;

const Found = v.strictObject({
	total: v.number(),
	/** What was searched instead, where the question itself finds nothing. */
	corrected: v.nullable(v.string()),
	results: v.array(Result),
	facets: v.strictObject({ source: Facet, kind: Facet, theme: Facet, year: Facet, language: Facet, group: Facet }),
	/** The Summits of which the reader may watch recordings. */
	replays: v.array(v.strictObject({ slug: v.string(), name: TextMap }))
});
export type LibraryFound = v.InferOutput<typeof Found>;

const FileBegun = answer({
	ok: { bytes: v.number() },
	not_found: { bytes: v.number() },
	wrong_state: { bytes: v.number() },
	full: { bytes: v.number() }
});

/** The newest documents that are tied to a thing and that the reader may read; `adds`: who leads the group and may submit. */
export const TiedDocuments = v.strictObject({
	documents: v.array(
		v.strictObject({
			code: v.string(),
			title: TextMap,
			kind: v.picklist(enums.library_kind),
			/** A day. */
			issued_on: v.string()
		})
	),
	has_more: v.boolean(),
	adds: v.boolean()
});
export type TiedDocuments = v.InferOutput<typeof TiedDocuments>;

/** What these functions of the API answer. */
export const answers = {
	list_tied_documents: v.nullable(TiedDocuments),
	search_library: Found,
	read_library_item: v.nullable(LibraryItem),
	read_withdrawn_item: v.nullable(v.strictObject({ title: TextMap, reason: v.string(), withdrawn_at: v.string() })),
	library_choices: Choices,
	list_library_work: v.strictObject({ own: v.array(WorkRow), review: v.nullable(v.array(WorkRow)) }),
	read_library_work: v.nullable(LibraryWork),
	save_library_item: answer(
		{ ok: { code: v.string() }, unknown: { name: v.string() } },
		'not_found',
		'not_allowed',
		'invalid',
		'conflict',
		'wrong_state',
		'limited'
	),
	put_minutes_in_library: answer(
		{
			ok: { code: v.string(), item: v.string(), title: TextMap, body: TextMap },
			already: { code: v.nullable(v.string()) }
		},
		'not_found',
		'wrong_state',
		'in_work',
		'invalid',
		'limited'
	),
	begin_library_file: FileBegun,
	add_library_file: FileBegun,
	open_library_file: v.nullable(
		v.strictObject({
			id: v.string(),
			name: v.string(),
			media_type: v.string(),
			size: v.number(),
			sha256: v.string()
		})
	)
} satisfies Answers;
