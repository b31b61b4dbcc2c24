import { dayPlanFile, type PlannedSession } from '#lib/calendar/exchange/day-plan.ts';
import type { DataClient } from '#lib/database/client.ts';
import { joinList } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { applyScheduleImport, prepareScheduleImport, readScheduleImport } from './imports.ts';

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
	if (taken.length > 0) return m.summits_setup_agenda_taken({ titles: joinList(taken.map(({ title }) => title)) });
	if ((await applyScheduleImport(client, made.id)) !== 'ok') return m.summits_setup_agenda_refused();
	return null;
}

const isTaken = ({ code }: { code: string }) => code === 'room_taken';
