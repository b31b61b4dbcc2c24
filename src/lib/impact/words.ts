/* The words of an impact report that are the site's own. No I/O. */
import { statusWord, type CommitmentStatus } from '#lib/commitments/words.ts';
import type { ImpactContent, ImpactRow } from '#lib/database/answers/impact.ts';
import { locales, text, type TextMap } from '#lib/i18n/locale.ts';
import type { Plain } from '#lib/i18n/message.ts';
import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import { utcDate } from '#lib/i18n/time.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { regionName } from '#lib/members/regions.ts';
import { modeWord } from '#lib/registration/words.ts';
import type { Mode } from '#lib/registration/registration.ts';
import type { IndicatorKey, Objective, ReportPlace } from './indicators.ts';

type Word = () => string;

/** The titles of the objectives. */
export const objectiveWords: Record<Objective, Word> = {
	knowledge: m.impact_knowledge,
	collaboration: m.impact_collaboration,
	empowerment: m.impact_empowerment,
	advocacy: m.impact_advocacy,
	learning: m.impact_learning
};

/** What each objective is about, in a sentence. */
export const objectiveLeads: Record<Objective, Word> = {
	knowledge: m.impact_knowledge_lead,
	collaboration: m.impact_collaboration_lead,
	empowerment: m.impact_empowerment_lead,
	advocacy: m.impact_advocacy_lead,
	learning: m.impact_learning_lead
};

/** The places where organisers write. */
export const reportPlaceWords: Record<ReportPlace, Word> = {
	intro: m.impact_place_intro,
	...objectiveWords,
	closing: m.impact_place_closing
};

/** Of each indicator its name, where its rows are from, and how they are counted. */
export const indicatorWords: Record<IndicatorKey, { name: Word; source: Word; how: Plain }> = {
	sessions: { name: m.impact_sessions, source: m.ui_agenda, how: m.impact_sessions_how },
	documents: { name: m.impact_documents, source: m.library_title, how: m.impact_documents_how },
	documents_opened: {
		name: m.impact_documents_opened,
		source: m.library_title,
		how: m.impact_documents_opened_how
	},
	recordings: { name: m.impact_recordings, source: m.ui_organise_recordings, how: m.impact_recordings_how },
	minutes: { name: m.impact_minutes, source: m.presence_sessions_title, how: m.impact_minutes_how },
	confirmed: { name: m.impact_confirmed, source: m.impact_registrations, how: m.impact_confirmed_how },
	members: { name: m.impact_members, source: m.impact_registrations, how: m.impact_members_how },
	countries: { name: m.impact_countries, source: m.impact_registrations, how: m.impact_countries_how },
	attended_hall: {
		name: m.impact_attended_hall,
		source: m.presence_sessions_title,
		how: m.impact_attended_hall_how
	},
	attended_online: {
		name: m.impact_attended_online,
		source: m.presence_sessions_title,
		how: m.impact_attended_online_how
	},
	languages: { name: m.impact_languages, source: m.ui_agenda, how: m.impact_languages_how },
	questions: { name: m.impact_questions, source: m.evaluation_questions, how: m.impact_questions_how },
	captioned: { name: m.impact_captioned, source: m.captions_title, how: m.impact_captioned_how },
	content_notes: { name: m.impact_content_notes, source: m.ui_agenda, how: m.impact_content_notes_how },
	needs: { name: m.impact_needs, source: m.logistics_needs, how: m.impact_needs_how },
	commitments: { name: m.impact_commitments, source: m.commitments_title, how: m.impact_commitments_how },
	delivered: { name: m.impact_delivered, source: m.commitments_title, how: m.impact_delivered_how },
	earlier_delivered: {
		name: m.impact_earlier_delivered,
		source: m.commitments_title,
		how: m.impact_earlier_delivered_how
	},
	feedback_answers: {
		name: m.impact_feedback_answers,
		source: m.evaluation_title,
		how: m.impact_feedback_answers_how
	},
	feedback: { name: m.impact_feedback, source: m.evaluation_title, how: m.impact_feedback_how }
};

/** How each indicator is counted today, in every language: a release keeps these words with its numbers. On the server alone. */
export const howTexts = (): Record<string, TextMap> =>
	Object.fromEntries(
		Object.entries(indicatorWords).map(([key, { how }]) => [
			key,
			{ original: 'en', ...Object.fromEntries(locales.map((locale) => [locale, how({}, { locale })])) }
		])
	);

/** How a number of a report was counted: as the report says, or where it does not, as it is counted today. */
export function howWords({ how }: Pick<ImpactContent, 'how'>, key: IndicatorKey): string {
	const kept = how?.[key];
	return kept ? text(kept).text : indicatorWords[key].how();
}

/** Where minutes were spent. */
const placeWords: Record<string, Word> = {
	hall: m.impact_minutes_hall,
	stream: m.impact_minutes_stream,
	watched: m.impact_minutes_watched
};

/** What a row counts, in words. */
export function rowWord({ dimension, key, label }: ImpactRow): string {
	switch (dimension) {
		case 'sector':
			return sectorName(key);
		case 'region':
			return regionName(key);
		case 'country':
			return countryName(key);
		case 'mode':
			return modeWord(key as Mode);
		case 'language':
			return languageName(key);
		case 'status':
			return statusWord(key as CommitmentStatus);
		case 'day':
		case 'announced':
		case 'delivered':
			return utcDate(key);
		case 'place':
			return placeWords[key]?.() ?? key;
		case 'answered':
			return m.impact_answered();
		case 'met':
			return m.impact_needs_met();
		default:
			return label ? text(label).text : key;
	}
}

/** What the rows of a dimension are, in words: the title of their table. */
export const dimensionWords: Record<string, Word> = {
	mode: m.registration_figures_by_mode,
	sector: m.impact_by_sector,
	region: m.registration_figures_by_region,
	country: m.registration_figures_by_country,
	day: m.impact_by_day,
	language: m.impact_by_language,
	theme: m.impact_by_theme,
	status: m.impact_by_status
};
