/* Speakers for agenda organisers. No I/O. */
import { linkLines } from '#lib/agenda/links.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { Level } from '#lib/ui/level.ts';
import type { LastCheck } from './device-check.ts';
import type { SessionRole } from './participation.ts';
import type { Task } from './tasks.ts';
import type { SessionWording } from './work.ts';

/** One speaker in the list: the progress of each task. */
export interface SpeakerRow {
	person_id: string;
	code: string;
	display_name: string;
	office: string;
	affiliation: string;
	sessions: { id: string; title: TextMap; role: SessionRole; state: 'invited' | 'confirmed'; level: Level }[];
	tasks: Partial<Record<Task['task'], { done: number; asked: number }>>;
	device: LastCheck | null;
	reminded_at: string | null;
	/** There is an address to write to. */
	has_mail: boolean;
}

/** A page of the list; `counts`: people with open tasks, by task; `suggestions`: the number that wait. */
export interface SpeakerList {
	total: number;
	all: number;
	counts: Partial<Record<Task['task'], number>>;
	suggestions: number;
	rows: SpeakerRow[];
}

/** The deadlines of speakers' tasks, and their reminders. */
export interface SpeakerSettings {
	profile_due_at: string | null;
	texts_due_at: string | null;
	availability_due_at: string | null;
	check_due_at: string | null;
	first_reminder_days: number;
	last_reminder_days: number;
	questions_per_person: number;
}

/** Texts that a speaker suggested after the deadline, beside the present ones. */
export interface TextSuggestion {
	id: string;
	session_id: string;
	code: string;
	level: Level;
	by: string;
	suggested_at: string;
	version: number;
	now: SessionWording;
	base: SessionWording;
	texts: SessionWording;
}

/** A person whom a speaker suggested for their session. */
export interface CoSpeakerSuggestion {
	id: string;
	session_id: string;
	code: string;
	title: TextMap;
	level: Level;
	by: string;
	display_name: string;
	part: SessionRole;
	note: string;
	suggested_at: string;
}

/** A task for organisers. */
export const taskLabels: Record<Task['task'], string> = {
	answer: 'Answer',
	profile: 'Profile',
	texts: 'Texts',
	slides: 'Slides',
	consents: 'Consents',
	availability: 'Availability',
	languages: 'Languages',
	check: 'Device check'
};

/** A person's open tasks, in their order. */
export function missingOf({ tasks }: Pick<SpeakerRow, 'tasks'>): string[] {
	return (Object.keys(taskLabels) as Task['task'][]).flatMap((task) => {
		const { done = 0, asked = 0 } = tasks[task] ?? {};
		if (done >= asked) return [];
		return [asked > 1 ? `${taskLabels[task]} (${asked - done} of ${asked})` : taskLabels[task]];
	});
}

/** The languages in which a suggestion differs from what its author saw, by field. */
export function changedTexts({ base, texts, now }: Pick<TextSuggestion, 'base' | 'texts' | 'now'>) {
	return (['title', 'abstract', 'content_note'] as const).flatMap((field) => {
		const tags = new Set([...Object.keys(base[field]), ...Object.keys(texts[field])]);
		tags.delete('original');
		return [...tags]
			.filter((tag) => base[field][tag] !== texts[field][tag])
			.map((tag) => ({ field, tag, now: now[field][tag] ?? '', wish: texts[field][tag] ?? '' }));
	});
}

/** The links of a suggestion beside those of the session, one address a line; null where it changes none. */
export function changedLinks({ base, texts, now }: Pick<TextSuggestion, 'base' | 'texts' | 'now'>) {
	if (JSON.stringify(base.links) === JSON.stringify(texts.links)) return null;
	return { now: linkLines(now.links), wish: linkLines(texts.links) };
}

/** The query of a page of the list; '' for the first. */
export function listQuery({ missing, query, page }: { missing: string | null; query: string; page: number }): string {
	const words = new URLSearchParams();
	if (missing) words.set('missing', missing);
	if (query) words.set('q', query);
	if (page > 1) words.set('page', String(page));
	const search = words.toString();
	return search ? `?${search}` : '';
}
