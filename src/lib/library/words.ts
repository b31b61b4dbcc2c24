/* The words of the library. No I/O. */
import type { LibraryFacet, LibraryResult, LibraryVersion, LibraryWork } from '#lib/database/answers/library.ts';
import type { FileKind } from '#lib/files/kinds.ts';
import { fileFacts } from '#lib/files/words.ts';
import { joinFacts, joinList, joinStatements } from '#lib/i18n/list.ts';
import { isolated, text } from '#lib/i18n/locale.ts';
import { languageName } from '#lib/i18n/names.ts';
import { m } from '#lib/i18n/messages.ts';
import { duration, number, utcDate } from '#lib/i18n/time.ts';
import { playbackTime } from '#lib/recording/recording.ts';

/** What the search finds is of one of these kinds, or of none. */
type FoundKind = LibraryVersion['kind'] | 'recording' | FileKind;

/** "Briefing" */
export const kindWord = (kind: FoundKind): string =>
	({
		assessment: m.library_kind_assessment,
		model: m.library_kind_model,
		briefing: m.library_kind_briefing,
		toolkit: m.library_kind_toolkit,
		report: m.library_kind_report,
		minutes: m.library_kind_minutes,
		presentation: m.library_kind_presentation,
		recording: m.library_kind_recording,
		slides: m.files_slides,
		handout: m.files_handout,
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
export function documentLevelWord({ level, group }: Pick<LibraryVersion, 'level' | 'group'>): string {
	if (level === 'public') return m.library_level_public();
	if (level === 'members') return m.library_level_members();
	return group ? m.library_level_of_group({ group: isolated(text(group.name).text) }) : m.library_level_group();
}

/** The state of the newest version. */
export const documentStateWord = (state: LibraryWork['state']): string =>
	({
		draft: m.commitments_state_draft,
		submitted: m.library_state_submitted,
		reviewed: m.library_state_reviewed,
		published: m.library_state_published,
		withdrawn: m.library_state_withdrawn
	})[state]();

/** The mark of a state. */
export const documentStateMark = (state: LibraryWork['state']): 'draft' | 'waiting' | 'good' | 'ended' =>
	(({ draft: 'draft', submitted: 'waiting', reviewed: 'waiting', published: 'good', withdrawn: 'ended' }) as const)[
		state
	];

/** What happened. */
export const documentStepWord = (step: LibraryWork['steps'][number]['step']): string =>
	({
		submitted: m.library_step_submitted,
		recalled: m.library_step_recalled,
		sent_back: m.library_step_sent_back,
		reviewed: m.library_step_reviewed,
		published: m.library_state_published,
		withdrawn: m.library_state_withdrawn
	})[step]();

/** The sources of the search. */
export const resultSourceWord = (source: LibraryResult['source']): string =>
	({
		document: m.library_source_document,
		session: m.library_source_session,
		recording: m.library_source_recording,
		slides: m.library_source_slides,
		speaker: m.library_source_speaker,
		moment: m.library_source_moment,
		commitment: m.library_source_commitment
	})[source]();

/** What one result is. */
const foundWord = (source: 'session' | 'speaker' | 'moment' | 'commitment'): string =>
	({
		session: m.commitments_session,
		speaker: m.agenda_role_speaker,
		moment: m.library_kind_recording,
		commitment: m.commitments_commitment
	})[source]();

/** Where a result leads: the page, a recording at its second. */
export function resultPath(result: LibraryResult): string {
	if (result.source === 'document') return `/community/library/${result.code}`;
	if (result.source === 'commitment') return `/community/commitments/${result.code}`;
	if (result.source === 'speaker') return `/${result.summit}/speakers/${result.code}`;
	const session = `/${result.summit}/sessions/${result.code}`;
	if (result.source === 'recording') return `${session}/recordings/${result.recording}`;
	return result.source === 'moment' ? `${session}/recordings/${result.recording}?at=${result.at}` : session;
}

/** The facts of a result in a list: of a document its kind, date, languages and authors, of a recording its day and length. */
export function resultFacts(result: LibraryResult): string {
	if (result.source === 'document')
		return joinStatements(
			[
				joinFacts([
					kindWord(result.kind),
					utcDate(result.issued_on),
					result.level !== 'public' && documentLevelWord({ level: result.level, group: null })
				]),
				joinList(result.authors.slice(0, 3)),
				joinList(result.languages.map((tag) => languageName(tag)))
			].filter(Boolean)
		);
	if (result.source === 'recording')
		return joinFacts([
			kindWord('recording'),
			isolated(text(result.summit_name).text),
			utcDate(result.recorded_on),
			duration(Math.round(result.length_ms / 1000))
		]);
	if (result.source === 'slides')
		return joinFacts([kindWord(result.kind), isolated(text(result.summit_name).text), fileFacts(result)]);
	return joinFacts([
		foundWord(result.source),
		isolated(result.source === 'commitment' ? result.member : text(result.summit_name).text),
		result.source === 'moment' && m.library_at_moment({ time: playbackTime(result.at * 1000) })
	]);
}

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
