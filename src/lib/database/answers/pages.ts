import { domains } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import { OpenedDocument } from './files.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** What a page is about. The first six are shown by the site itself, under its own titles. */
export const PageKind = v.picklist([
	'about',
	'attending_in_person',
	'attending_virtually',
	'code_of_conduct',
	'privacy',
	'accessibility',
	'venue',
	'travel',
	'hotels',
	'visas',
	'faq',
	'news',
	'partners',
	'press',
	'other'
]);
export type PageKind = v.InferOutput<typeof PageKind>;

/** Where readers find a page; `none`: by its address, and where the site links it. */
export const PagePlace = v.picklist(['menu', 'footer', 'none']);
export type PagePlace = v.InferOutput<typeof PagePlace>;

/** How close a partner is, from the host on. */
export const PartnerTier = v.picklist(['host', 'principal', 'partner', 'supporter']);
export type PartnerTier = v.InferOutput<typeof PartnerTier>;

const PageFile = v.strictObject({
	id: v.string(),
	name: v.string(),
	media_type: v.string(),
	/** In bytes. */
	size: v.number(),
	/** Of a picture, in pixels. */
	width: v.nullable(v.number()),
	height: v.nullable(v.number())
});
export type PageFile = v.InferOutput<typeof PageFile>;

const PagePerson = v.strictObject({
	code: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	portrait: v.nullable(v.string())
});

// A block as it is stored names files and people by their ids; as it is shown, it has what is shown of them.
function blockSchema<File extends v.GenericSchema, Person extends v.GenericSchema>(file: File, person: Person) {
	const base = <Kind extends string>(kind: Kind) => ({ id: v.string(), kind: v.literal(kind) });
	return v.variant('kind', [
		v.strictObject({ ...base('text'), text: TextMap }),
		v.strictObject({ ...base('picture'), file: v.nullable(file), alt: TextMap, caption: TextMap }),
		v.strictObject({
			...base('list'),
			title: TextMap,
			rows: v.array(v.strictObject({ term: TextMap, text: TextMap }))
		}),
		v.strictObject({ ...base('people'), title: TextMap, people: v.array(person) }),
		v.strictObject({
			...base('sessions'),
			title: TextMap,
			sessions: v.array(v.string()),
			track: v.nullable(v.string())
		}),
		v.strictObject({
			...base('map'),
			file: v.nullable(file),
			alt: TextMap,
			address: TextMap,
			latitude: v.nullable(v.number()),
			longitude: v.nullable(v.number())
		}),
		v.strictObject({
			...base('files'),
			title: TextMap,
			files: v.array(v.strictObject({ file, label: TextMap }))
		}),
		v.strictObject({
			...base('partners'),
			title: TextMap,
			rows: v.array(v.strictObject({ name: v.string(), link: v.string(), tier: PartnerTier, file: v.nullable(file) }))
		}),
		v.strictObject({ ...base('action'), label: TextMap, to: v.string() })
	]);
}

/** A block of a draft. */
export const PageBlock = blockSchema(v.string(), v.string());
export type PageBlock = v.InferOutput<typeof PageBlock>;

/** A block as a reader sees it. */
export const ShownBlock = blockSchema(PageFile, PagePerson);
export type ShownBlock = v.InferOutput<typeof ShownBlock>;

/** A published page, or a draft as readers would see it. */
export const ShownPage = v.strictObject({
	slug: v.string(),
	kind: PageKind,
	title: TextMap,
	summary: TextMap,
	blocks: v.array(ShownBlock),
	/** The version; 0 for a draft. */
	number: v.number(),
	published_at: v.string()
});
export type ShownPage = v.InferOutput<typeof ShownPage>;

/** A published page in a list of links. */
export const PageLink = v.strictObject({
	slug: v.string(),
	kind: PageKind,
	place: PagePlace,
	title: TextMap,
	summary: TextMap
});
export type PageLink = v.InferOutput<typeof PageLink>;

/** A page in the list of organisers. */
export const ListedPage = v.strictObject({
	id: v.string(),
	kind: PageKind,
	slug: v.string(),
	place: PagePlace,
	title: TextMap,
	/** The languages of the Summit in which all texts are written. */
	languages: v.array(v.string()),
	saved_at: v.string(),
	published: v.nullable(v.number()),
	published_at: v.nullable(v.string()),
	has_changes: v.boolean(),
	may_write: v.boolean()
});
export type ListedPage = v.InferOutput<typeof ListedPage>;

/** A file that can be put on pages. */
export const PageFileChoice = v.strictObject({
	...PageFile.entries,
	scan: v.picklist(['waiting', 'clean', 'unscanned', 'refused', 'failed'])
});
export type PageFileChoice = v.InferOutput<typeof PageFileChoice>;

/** A page as its writers work on it. */
export const PageDraft = v.strictObject({
	id: v.string(),
	kind: PageKind,
	slug: v.string(),
	place: PagePlace,
	title: TextMap,
	summary: TextMap,
	blocks: v.array(PageBlock),
	/** The block that was removed last, and where it was. */
	removed: v.nullable(v.strictObject({ at: v.number(), block: PageBlock })),
	revision: v.number(),
	saved_at: v.string(),
	saved_by: v.nullable(v.string()),
	published: v.nullable(v.number()),
	has_changes: v.boolean(),
	versions: v.array(v.strictObject({ number: v.number(), at: v.string(), by: v.nullable(v.string()) })),
	files: v.array(PageFileChoice)
});
export type PageDraft = v.InferOutput<typeof PageDraft>;

/** A person whom a page may name. */
export const PagePersonChoice = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string()
});
export type PagePersonChoice = v.InferOutput<typeof PagePersonChoice>;

/** Somebody else saved the page in the meantime. */
const changed = { revision: v.number(), at: v.string(), by: v.nullable(v.string()) };
const saved = { revision: v.number(), at: v.string() };

/** What a page needs before it can be published. */
export const PageFault = v.strictObject({
	block: v.nullable(v.string()),
	fault: v.picklist([
		'title',
		'empty',
		'file',
		'alt',
		'text',
		'address',
		'label',
		'link',
		'rows',
		'people',
		'sessions',
		'files'
	])
});
export type PageFault = v.InferOutput<typeof PageFault>;

/** What these functions answer. */
export const answers = {
	read_pages: v.array(ShownPage),
	list_published_pages: v.array(PageLink),
	open_page_file: v.nullable(OpenedDocument),
	list_pages: v.nullable(v.array(ListedPage)),
	read_page_draft: v.nullable(PageDraft),
	preview_page: v.nullable(ShownPage),
	list_page_people: v.array(PagePersonChoice),
	add_page: answer({ ok: { page: v.string() } }, 'not_allowed', 'invalid', 'taken'),
	save_page: answer({ ok: saved, changed }, 'not_found', 'invalid'),
	publish_page: answer(
		{ ok: { number: v.number() }, changed, incomplete: { faults: v.array(PageFault) } },
		'already',
		'not_found'
	),
	restore_page_version: answer({ ok: saved, changed }, 'not_found'),
	save_page_place: v.picklist(domains.page_place_status),
	delete_page: v.picklist(domains.page_removal_status),
	add_page_file: answer({ ok: { file: v.string() } }, 'not_allowed', 'full')
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = { object_of_page_file: v.nullable(v.string()) } satisfies PrivateAnswers;
