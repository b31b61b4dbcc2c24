import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { levelWord } from '#lib/ui/level.ts';
import { countSet, languagesOf, narrowing, type Filters, type Narrowing } from './filters.ts';
import type { Level, Session } from './session.ts';
import { languageName } from '#lib/i18n/names.ts';

/** One filter of the agenda, with its options. */
export interface Facet {
	name: Narrowing;
	label: string;
	options: { value: string; label: string }[];
}

/** The headings of a Summit that name the options. */
interface Headings {
	languages: readonly string[];
	tracks: readonly { slug: string; name: TextMap }[];
	formats: readonly { slug: string; name: TextMap }[];
	rooms: readonly { slug: string; name: TextMap }[];
}

const levels: readonly Level[] = ['public', 'members', 'chatham_house', 'closed'];

function named(list: readonly { slug: string; name: TextMap }[], used: ReadonlySet<string | null>) {
	return list
		.filter(({ slug }) => used.has(slug))
		.map(({ slug, name }) => ({ value: slug, label: text(name).text || slug }));
}

/** The options among the sessions that the reader sees. */
export function facetsOf(sessions: readonly Session[], headings: Headings): Facet[] {
	const real = sessions.filter((session) => !session.is_break);
	const modes = (['hall', 'online'] as const).filter((mode) =>
		real.some((session) => session.attendance !== mode && session.attendance !== 'hall_and_online')
	);
	const options: Record<Narrowing, Facet['options']> = {
		language: languagesOf(real, headings.languages).map((value) => ({ value, label: languageName(value) })),
		mode:
			modes.length === 0
				? []
				: (['hall', 'online'] as const).map((value) => ({
						value,
						label: value === 'hall' ? m.agenda_by_hall_option() : m.agenda_by_online_option()
					})),
		level: levels
			.filter((level) => real.some((session) => session.level === level))
			.map((value) => ({ value, label: levelWord(value) })),
		track: named(headings.tracks, new Set(real.map((session) => session.track_slug))),
		format: named(headings.formats, new Set(real.map((session) => session.format_slug))),
		room: named(headings.rooms, new Set(real.flatMap((session) => session.slots.flatMap((slot) => slot.rooms))))
	};
	const labels: Record<Narrowing, string> = {
		language: m.agenda_facet_language(),
		mode: m.agenda_facet_mode(),
		level: m.agenda_facet_level(),
		track: m.agenda_facet_track(),
		format: m.agenda_facet_format(),
		room: m.agenda_facet_room()
	};
	return narrowing
		.map((name) => ({ name, label: labels[name], options: options[name] }))
		.filter((facet) => facet.options.length > 0);
}

/** The active filters as parts of a sentence: "in French, spoken or interpreted". */
export function phrasesOf(filters: Filters, facets: readonly Facet[]): string[] {
	if (countSet(filters) === 0) return [];
	const word = (name: Narrowing) => (value: string) =>
		facets.find((facet) => facet.name === name)?.options.find((option) => option.value === value)?.label ?? value;
	const parts = [
		...filters.language.map((value) => m.agenda_by_language({ language: languageName(value) })),
		...filters.mode.map((value) => (value === 'hall' ? m.agenda_by_hall() : m.agenda_by_online())),
		...filters.level.map((value) => m.agenda_by_level({ level: levelWord(value) })),
		...filters.track.map((value) => m.agenda_by_track({ track: word('track')(value) })),
		...filters.format.map((value) => m.agenda_by_format({ format: word('format')(value) })),
		...filters.room.map((value) => m.agenda_by_room({ room: word('room')(value) }))
	];
	if (filters.query) parts.push(m.agenda_by_query({ query: filters.query }));
	if (filters.mine) parts.push(m.agenda_by_mine());
	return parts;
}
