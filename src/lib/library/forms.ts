/* The forms of the library. No I/O. */
import type { LibraryVersion, LibraryWork } from '#lib/database/answers/library.ts';
import { enums } from '#lib/database/types.ts';
import { id, optionalLines, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { locale, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { instantOf, isDate } from '#lib/summits/local-time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

const wrong = () => m.ui_form_wrong();

/** The lines that say something, each once. */
const lines = (most: number) =>
	v.pipe(
		optionalLines(8000),
		v.transform((typed) => [
			...new Set(
				typed
					.split('\n')
					.map((line) => line.trim())
					.filter(Boolean)
			)
		]),
		v.maxLength(most, wrong),
		v.everyItem((line) => line.length <= 200, wrong)
	);

const related = /^(?:\/[a-z]{2})?\/(?:([\w-]+)\/sessions\/([\w-]+)|community\/(group|commitment)s\/([\w-]+))\/?$/;

/** What an address of this site leads to, with its origin or without; null for an address of something else. */
export function relatedOf(line: string, site: string): { kind: string; summit?: string; code: string } | null {
	const url = URL.parse(line, site);
	const [, summit, session, kind, code] = (url?.origin === site && related.exec(url.pathname)) || [];
	if (summit && session) return { kind: 'session', summit, code: session };
	return kind && code ? { kind, code } : null;
}

/** The addresses of the ties of a version, without language. */
export const relatedLines = ({ ties }: Pick<LibraryVersion, 'ties'>): string[] => [
	...ties.sessions.map(({ summit, code }) => `/${summit}/sessions/${code}`),
	...ties.groups.map(({ code }) => `/community/groups/${code}`),
	...ties.commitments.map(({ code }) => `/community/commitments/${code}`)
];

/** The languages of a draft: of a new one, that of the page comes first. */
export const documentLanguages = (): string[] => [locale(), ...locales];

/** The choice of the group that a document has, for editors who do not see it. */
export const keptGroup = '-';

const documentFieldNames = [
	'kind',
	'title',
	'summary',
	'authors',
	'licence',
	'doi',
	'issued_on',
	'level',
	'embargo_until',
	'note'
] as const;

const textLimits = { title: { required: true, most: 200 }, summary: { required: true, most: 3000, lines: true } };
type DraftText = keyof typeof textLimits;
type Before = Pick<LibraryVersion, DraftText> | null;
const textNames = Object.keys(textLimits) as DraftText[];
const tags = (before: Before, name: DraftText) => tagsFor(documentLanguages(), before?.[name]);

const draftValues = (site: string) =>
	v.object({
		revision: wholeNumber(0),
		kind: v.picklist(enums.library_kind, wrong),
		authors: lines(40),
		members: lines(30),
		related: v.pipe(
			lines(30),
			v.check(
				(all) => all.every((line) => relatedOf(line, site)),
				() => m.library_related_wrong()
			)
		),
		licence: v.picklist(enums.library_licence, wrong),
		doi: v.pipe(
			optionalText(220),
			v.transform((typed) => typed.replace(/^(https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/i, '')),
			v.regex(/^$|^10\.\d{4,9}\/[-._;()/:A-Za-z0-9]{1,180}$/, () => m.library_doi_wrong())
		),
		issued_on: v.pipe(v.string(wrong), v.check(isDate, wrong)),
		theme: optionalText(40),
		level: v.picklist(enums.library_level, wrong),
		group: optionalText(40),
		embargo_until: v.pipe(
			v.string(wrong),
			v.transform((typed) => (typed.trim() === '' ? '' : instantOf(typed, 'UTC'))),
			v.string(wrong)
		),
		note: optionalText(500)
	});
type Draft = v.InferOutput<ReturnType<typeof draftValues>> & Record<string, unknown>;

/**
 * The draft of a version; its texts can be written in the languages of the site, and in those of the version before.
 * `site`: the origin of this site, to which the addresses of related pages belong.
 */
export function documentSchema(before: Before, site: string) {
	const texts = textNames.map((name) => textEntries(name, tags(before, name), textLimits[name]));
	return v.pipe(
		v.intersect([v.object(Object.assign({}, ...texts) as v.ObjectEntries), draftValues(site)]),
		v.forward(
			v.check(
				({ level, group }) => level !== 'group' || group !== '',
				() => m.library_group_missing()
			),
			['group']
		)
	);
}

/** The fields for the database: each text keeps its languages. */
export function documentFields(input: Draft, before: Before, site: string) {
	return {
		...Object.fromEntries(textNames.map((name) => [name, gatherText(input, name, tags(before, name))])),
		kind: input.kind,
		authors: input.authors,
		members: input.members,
		related: input.related.map((line) => relatedOf(line, site)),
		licence: input.licence,
		doi: input.doi || null,
		issued_on: input.issued_on,
		theme: input.theme,
		level: input.level,
		group: input.group === keptGroup ? '' : input.group,
		embargo_until: input.embargo_until || null,
		note: input.note
	};
}

/** What the form of a draft is filled with, to compare: a file that is added or removed changes none of it. */
export const draftTextsOf = (work: LibraryWork): string =>
	JSON.stringify([
		work.number,
		work.state,
		documentFieldNames.map((name) => work[name]),
		work.theme?.slug,
		work.group?.code,
		work.ties.members.map(({ name, is_author }) => [name, is_author]),
		relatedLines(work)
	]);

/** A step with the newest version. */
export const stepSchema = v.object({
	revision: wholeNumber(0),
	step: v.picklist(enums.library_step, wrong),
	reason: optionalLines(2000)
});

/** Deletes a draft, or a version, that was never submitted. */
export const deleteDraftSchema = v.object({ revision: wholeNumber(0) });

/** Removes a file. */
export const removeFileSchema = v.object({ file: id() });
