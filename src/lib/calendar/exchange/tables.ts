import { writeCsv } from '#lib/files/csv.ts';
import { localIso } from '#lib/calendar/schedule.ts';
import { text } from '#lib/i18n/locale.ts';
import type { ExchangeDraft, ExchangeHeading } from './draft.ts';
import { sessionColumns, speakerColumns } from './read-table.ts';

const named = ['speaker', 'chair', 'moderator', 'respondent'];

/** The draft as a table of sessions, one row for each time: the format that `readTable` reads. */
export function sessionsTable(
	draft: ExchangeDraft,
	zone: string,
	rooms: readonly ExchangeHeading[],
	language: string
): string {
	const roomNames = new Map(rooms.map(({ slug, name }) => [slug, text(name, language).text || slug]));
	const guids = new Map(draft.events.flatMap(({ slot, guid }) => (slot ? [[slot, guid] as const] : [])));
	const rows = draft.sessions
		.filter((session) => !session.is_break)
		.flatMap((session) => {
			const times = session.slots.length > 0 ? session.slots : [null];
			const people = session.people
				.filter(({ state, role }) => state !== 'declined' && named.includes(role))
				.map(({ display_name: name, role }) => (role === 'speaker' ? name : `${name} (${role})`));
			return times.map((slot): Record<(typeof sessionColumns)[number], string> => ({
				code: session.code,
				guid: (slot && guids.get(slot.id)) ?? '',
				title: text(session.title, language).text,
				abstract: text(session.abstract, language).text,
				content_note: text(session.content_note, language).text,
				format: text(session.format, language).text,
				track: text(session.track, language).text,
				spoken: session.spoken.join('; '),
				interpreted: session.interpreted.join('; '),
				level: session.level,
				state: session.state,
				start: slot ? localIso(slot.start, zone) : '',
				end: slot ? localIso(slot.end, zone) : '',
				rooms: (slot?.rooms ?? []).map((room) => roomNames.get(room) ?? room).join('; '),
				recorded: session.is_recorded ? 'yes' : 'no',
				live_room: session.stage_format === 'meeting' ? 'workshop' : 'stage',
				people: people.join('; ')
			}));
		});
	return writeCsv([sessionColumns, ...rows.map((row) => sessionColumns.map((column) => row[column]))]);
}

/** The people of the draft as a table, one row for each part in a session, by their displayed names. */
export function speakersTable(draft: ExchangeDraft): string {
	const rows = draft.sessions.flatMap((session) =>
		session.people
			.filter(({ state, role }) => state !== 'declined' && named.includes(role))
			.map((person) => [
				session.code,
				person.role,
				person.person,
				person.display_name,
				person.office,
				person.affiliation,
				person.country
			])
	);
	return writeCsv([speakerColumns, ...rows]);
}
