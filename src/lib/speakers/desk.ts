/* Speakers for agenda organisers. No I/O. */
import { linkLines } from '#lib/agenda/links.ts';
import type { Task } from './tasks.ts';
import type { SpeakerRow, TextSuggestion } from '#lib/database/answers/speakers/desk.ts';

export type {
	CoSpeakerSuggestion,
	SpeakerList,
	SpeakerRow,
	SpeakerSettings,
	TextSuggestion
} from '#lib/database/answers/speakers/desk.ts';

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
			.map((tag) => ({ field, tag, now: now[field][tag] ?? '', suggested: texts[field][tag] ?? '' }));
	});
}

/** The links of a suggestion beside those of the session, one address a line; null where it changes none. */
export function changedLinks({ base, texts, now }: Pick<TextSuggestion, 'base' | 'texts' | 'now'>) {
	if (JSON.stringify(base.links) === JSON.stringify(texts.links)) return null;
	return { now: linkLines(now.links), suggested: linkLines(texts.links) };
}

/** The query of a page of the list; '' for the first. */
export function speakerListQuery({
	missing,
	query,
	page
}: {
	missing: string | null;
	query: string;
	page: number;
}): string {
	const words = new URLSearchParams();
	if (missing) words.set('missing', missing);
	if (query) words.set('q', query);
	if (page > 1) words.set('page', String(page));
	const search = words.toString();
	return search ? `?${search}` : '';
}
