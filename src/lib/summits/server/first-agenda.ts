import type { DataClient } from '#lib/database/client.ts';
import {
	applyScheduleImport,
	prepareScheduleImport,
	readScheduleImport
} from '#lib/calendar/server/imports.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayPlanFile, type PlannedRoom, type PlannedSession } from '#lib/summits/day-plan.ts';
import { lists } from '#lib/summits/lists.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { slugFrom } from '#lib/summits/written.ts';
import { forgetSummits } from './cache.ts';
import { readListRows, saveRow } from './lists.ts';

/** Adds the rooms that the Summit does not have yet, as its settings do. The name of one that was refused, or null. */
export async function addRooms(
	client: DataClient,
	summit: Pick<Summit, 'id' | 'rooms' | 'languages'>,
	rooms: readonly PlannedRoom[]
): Promise<string | null> {
	const [original = 'en'] = summit.languages;
	const there = new Set(summit.rooms.flatMap(({ name }) => Object.values(name).map((one) => one.toLowerCase())));
	for (const { name, capacity } of rooms.filter((room) => !there.has(room.name.toLowerCase()))) {
		const slugs = new Set((await readListRows(client, lists.rooms, summit.id)).map(({ slug }) => slug));
		const base = slugFrom(name).slice(0, 36) || 'room';
		const slug = [base, ...Array.from({ length: 99 }, (_, at) => `${base}-${at + 2}`)].find((one) => !slugs.has(one));
		const fields = { name: { original, [original]: name }, slug, kind: 'hall', capacity };
		if ((await saveRow(client, lists.rooms, summit.id, null, fields)) !== 'ok') return name;
	}
	forgetSummits();
	return null;
}

/**
 * Adds confirmed sessions to the draft through the import of agendas, all or none; rooms that they name are made. Why
 * they were refused, or null.
 */
export async function addPlannedSessions(
	client: DataClient,
	summit: Summit,
	sessions: readonly PlannedSession[],
	level: 'public' | 'members'
): Promise<string | null> {
	const [language = 'en'] = summit.languages;
	const made = await prepareScheduleImport(client, summit, dayPlanFile(sessions, language), {
		...{ language, level, state: 'confirmed' },
		...{ rooms: true, headings: false, people: false }
	});
	if ('fault' in made) return m.summits_setup_agenda_refused();
	const preview = await readScheduleImport(client, made.id, null, 1, 200);
	const taken = preview?.rows.filter(({ outcome, notes }) => outcome === 'cannot' || notes.some(isTaken)) ?? [];
	if (taken.length > 0) return m.summits_setup_agenda_taken({ titles: taken.map(({ title }) => title).join(', ') });
	if ((await applyScheduleImport(client, made.id)) !== 'ok') return m.summits_setup_agenda_refused();
	forgetSummits();
	return null;
}

const isTaken = ({ code }: { code: string }) => code === 'room_taken';
