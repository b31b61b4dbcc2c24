import type { PlannedRoom } from '#lib/calendar/exchange/day-plan.ts';
import type { DataClient } from '#lib/database/client.ts';
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
