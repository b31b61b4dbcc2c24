/* The agenda of a day, as it is typed or pasted: one session on each line, "09:00-10:30 Title @ Room". No I/O. */
import { m } from '#lib/i18n/messages.ts';
import { writeCsv } from '#lib/files/csv.ts';

/** One session of a day; `room` is '' where the line names none. */
export interface PlannedSession {
	day: string;
	/** By the venue's clocks, "09:00". */
	start: string;
	end: string;
	title: string;
	room: string;
}

type Read = { ok: true; sessions: PlannedSession[] } | { ok: false; message: string };

const pattern = /^(\d{1,2})[:：.h](\d\d)\s*(?:-|–|—|to|至)\s*(\d{1,2})[:：.h](\d\d)[\s,，、،;；؛:：|]+(.+)$/;
const limits = { title: 200, room: 80 };

function clock(hours: string | undefined, minutes: string | undefined): string | null {
	return Number(hours) < 24 && Number(minutes) < 60 ? `${(hours ?? '').padStart(2, '0')}:${minutes ?? ''}` : null;
}

// Of two @ the last one begins the room; keyboards of Chinese type it as wide as a character.
function titleAndRoom(words: string): { title: string; room: string } {
	const at = Math.max(words.lastIndexOf('@'), words.lastIndexOf('＠'));
	const [title, room] = at > 0 ? [words.slice(0, at), words.slice(at + 1)] : [words, ''];
	return { title: title.replace(/[\s|]+$/, ''), room: room.trim() };
}

/** Reads the lines of a day, or says which one is wrong; `first` is the room of lines that name none. */
export function readDayPlan(day: string, text: string, first: string): Read {
	const sessions: PlannedSession[] = [];
	for (const [at, raw] of text.split(/\r\n?|\n/).entries()) {
		const line = at + 1;
		const written = raw.trim();
		if (written === '') continue;
		const refused = (message: string): Read => ({ ok: false, message });
		const [, h1, m1, h2, m2, words = ''] = pattern.exec(written) ?? [];
		const [start, end] = [clock(h1, m1), clock(h2, m2)];
		const { title, room } = titleAndRoom(words);
		if (!start || !end || title === '')
			return refused(m.summits_setup_agenda_line({ line, text: written.slice(0, 60) }));
		if (end <= start) return refused(m.summits_setup_agenda_order({ line }));
		if (title.length > limits.title || room.length > limits.room) return refused(m.summits_setup_agenda_long({ line }));
		const session = { day, start, end, title, room: room || first };
		if (session.room === '') return refused(m.summits_setup_agenda_room_missing());
		const same = (other: PlannedSession) => other.room.toLowerCase() === session.room.toLowerCase();
		if (sessions.some((other) => same(other) && other.start < end && start < other.end))
			return refused(m.summits_setup_agenda_overlap({ line }));
		sessions.push(session);
	}
	return { ok: true, sessions };
}

/** The sessions as a file that the import of agendas reads. */
export function dayPlanFile(sessions: readonly PlannedSession[], language: string): File {
	const rows = sessions.map(({ day, start, end, title, room }) => [
		title,
		`${day}T${start}`,
		`${day}T${end}`,
		room,
		language
	]);
	return new File([writeCsv([['title', 'start', 'end', 'rooms', 'spoken'], ...rows])], 'agenda.csv');
}

/** A room as it is typed: "Main hall, 400". */
export interface PlannedRoom {
	name: string;
	capacity: number | null;
}

/** Reads rooms, one on each line; the same name once. */
export function readRooms(text: string): PlannedRoom[] {
	const rooms = text.split(/\r\n?|\n/).flatMap((line) => {
		const [, name = '', places] = /^(.*?)\s*(?:[,，、،;；؛]\s*(\d{1,6}))?$/.exec(line.trim()) ?? [];
		return name === '' ? [] : [{ name, capacity: places === undefined ? null : Number(places) }];
	});
	return rooms.filter(
		({ name }, at) => rooms.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) === at
	);
}
