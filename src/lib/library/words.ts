/* The words of the library. No I/O. */
import type { LibraryFacet, LibraryResult, LibraryVersion, LibraryWork } from '#lib/database/answers/library.ts';
import { joinFacts, joinList } from '#lib/i18n/list.ts';
import { isolated, text } from '#lib/i18n/locale.ts';
import { languageName } from '#lib/i18n/names.ts';
import { m } from '#lib/i18n/messages.ts';
import { number, utcDate } from '#lib/i18n/time.ts';

/** "Briefing" */
export const kindWord = (kind: LibraryVersion['kind']): string =>
	({
		assessment: m.library_kind_assessment,
		model: m.library_kind_model,
		briefing: m.library_kind_briefing,
		toolkit: m.library_kind_toolkit,
		report: m.library_kind_report,
		minutes: m.library_kind_minutes,
		presentation: m.library_kind_presentation,
		other: m.library_kind_other
	})[kind]();

/** Licences are called by their own name everywhere. */
export const licenceWord = (licence: LibraryVersion['licence']): string =>
	({
		cc_by: 'CC BY 4.0',
		cc_by_sa: 'CC BY-SA 4.0',
		cc_by_nc: 'CC BY-NC 4.0',
		cc_by_nc_nd: 'CC BY-NC-ND 4.0',
		cc0: 'CC0 1.0',
		all_rights_reserved: m.library_all_rights_reserved()
	})[licence];

/** Who may read it. */
export function levelWord({ level, group }: Pick<LibraryVersion, 'level' | 'group'>): string {
	if (level === 'public') return m.library_level_public();
	if (level === 'members') return m.library_level_members();
	return group ? m.library_level_of_group({ group: isolated(text(group.name).text) }) : m.library_level_group();
}

/** The state of the newest version. */
export const stateWord = (state: LibraryWork['state']): string =>
	({
		draft: m.commitments_state_draft,
		submitted: m.library_state_submitted,
		reviewed: m.library_state_reviewed,
		published: m.library_state_published,
		withdrawn: m.library_state_withdrawn
	})[state]();

/** The mark of a state. */
export const stateMark = (state: LibraryWork['state']): 'draft' | 'waiting' | 'good' | 'ended' =>
	(({ draft: 'draft', submitted: 'waiting', reviewed: 'waiting', published: 'good', withdrawn: 'ended' }) as const)[
		state
	];

/** What happened. */
export const stepWord = (step: LibraryWork['steps'][number]['step']): string =>
	({
		submitted: m.library_step_submitted,
		recalled: m.library_step_recalled,
		sent_back: m.library_step_sent_back,
		reviewed: m.library_step_reviewed,
		published: m.library_state_published,
		withdrawn: m.library_state_withdrawn
	})[step]();

/** The facts of a document in a list: kind, date, languages, authors. */
export const documentFacts = (result: Extract<LibraryResult, { source: 'document' }>): string =>
	joinFacts([
		kindWord(result.kind),
		utcDate(result.issued_on),
		joinList(result.languages.map((tag) => languageName(tag))),
		result.authors.length > 0 && isolated(joinList(result.authors.slice(0, 3))),
		result.level !== 'public' && levelWord({ level: result.level, group: null })
	]);

/** The options of a filter with their counts; a choice without a result stays. */
export function facetOptions(facet: LibraryFacet, label: (value: string) => string, chosen: string) {
	const options = facet.map(({ value, name, count }) => ({
		value,
		label: m.library_facet({ name: name ? text(name).text : label(value), count: number(count) })
	}));
	return chosen === '' || options.some(({ value }) => value === chosen)
		? options
		: [...options, { value: chosen, label: m.library_facet({ name: label(chosen), count: number(0) }) }];
}
