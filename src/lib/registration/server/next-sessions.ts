import { callPrivate } from '#lib/database/server/pool.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { Level } from '#lib/ui/level.ts';

/** A session that the person marked or participates in, at one of its times. */
interface NextSession {
	code: string;
	title: TextMap;
	level: Level;
	start: string;
	end: string;
	rooms: { slug: string; name: TextMap }[];
	isLive: boolean;
}

/** The next `most` times of what a person marked, from the newest release; what is under way comes first. */
export async function nextSessions(
	person: string,
	summit: { id: string; rooms: readonly { slug: string; name: TextMap }[] },
	now: number,
	most = 3
): Promise<NextSession[]> {
	const [row] = await callPrivate('read_agenda_for', [person, summit.id, true]);
	const names = new Map(summit.rooms.map((room) => [room.slug, room.name]));
	return (row?.read_agenda_for?.sessions ?? [])
		.filter((session) => !session.is_cancelled)
		.flatMap(({ code, title, level, run, slots }) =>
			slots
				.filter((slot) => Date.parse(slot.end) > now)
				.map(({ start, end, rooms }) => ({
					code,
					title,
					level,
					start,
					end,
					rooms: rooms.map((slug) => ({ slug, name: names.get(slug) ?? {} })),
					isLive: run === 'live' && Date.parse(start) <= now + 15 * 60_000
				}))
		)
		.sort((a, b) => a.start.localeCompare(b.start))
		.slice(0, most);
}
