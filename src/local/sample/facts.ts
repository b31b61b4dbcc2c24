import { endOfDay, instantOf } from '../../lib/summits/local-time.ts';
import type { Cast } from './agenda.ts';
import type { Row } from './rows.ts';
import type { SummitIds } from './settings.ts';
import { zone, type Timetable } from './timetable.ts';

const interpreted = ['fr', 'es', 'ar'] as const;
const regionZones: Record<string, string> = {
	Africa: 'Africa/Nairobi',
	Asia: 'Asia/Manila',
	Europe: 'Europe/Lisbon',
	'Latin America and the Caribbean': 'America/Bogota',
	'Northern America': 'America/Toronto',
	Oceania: 'Pacific/Auckland'
};
const halls: Record<string, { floor: string; has_hearing_loop: boolean; equipment: string[] }> = {
	'plenary-hall': { floor: 'Ground floor', has_hearing_loop: true, equipment: ['projector', 'lectern', 'booths'] },
	overflow: { floor: 'Ground floor', has_hearing_loop: true, equipment: ['screen'] },
	rio: { floor: 'Level 1', has_hearing_loop: false, equipment: ['screen'] },
	ceibo: { floor: 'Level 1', has_hearing_loop: true, equipment: ['projector', 'lectern', 'booths'] },
	ombu: { floor: 'Level 1', has_hearing_loop: false, equipment: ['projector', 'flip chart'] },
	jacaranda: { floor: 'Level 2', has_hearing_loop: true, equipment: ['projector', 'lectern', 'booths'] },
	palma: { floor: 'Level 2', has_hearing_loop: false, equipment: ['projector', 'flip chart'] }
};

/** The language in which an interpreter works beside English, by their place among the interpreters. */
export const interpreterLanguage = (index: number) => interpreted[index % interpreted.length] ?? 'fr';

/** What is known of rooms and people beside the agenda, by table. */
export function makeFacts(ids: SummitIds, cast: Cast, timetable: Timetable): [table: string, rows: Row[]][] {
	const rooms = Object.entries(halls).flatMap(([slug, facts]) => {
		const room_id = ids.rooms[slug];
		return room_id
			? [{ room_id, summit_id: ids.id, building: 'Faro', is_step_free: true, is_streamed: true, ...facts }]
			: [];
	});
	const pairs = cast.interpreters.flatMap(({ id }, index) => {
		const language = interpreterLanguage(index);
		return [
			['en', language],
			[language, 'en']
		].map(([source, target]) => ({ person_id: id, summit_id: ids.id, source, target }));
	});
	// Some have said when they can: the whole Summit, from where they are.
	const during = `{["${instantOf(`${timetable.startsOn}T00:00`, zone)}","${endOfDay(timetable.endsOn, zone)}")}`;
	const known = cast.speakers
		.filter((_, index) => index % 3 === 0)
		.map(({ id, member }) => ({
			person_id: id,
			summit_id: ids.id,
			zone: regionZones[member?.region ?? ''] ?? null,
			during
		}));
	return [
		['public.room_equipment', rooms],
		['public.interpreter_languages', pairs],
		['public.person_availabilities', known]
	];
}
