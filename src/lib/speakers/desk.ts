/* Speakers for agenda organisers. No I/O. */
import { linkLines } from '#lib/agenda/links.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
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
export const taskLabels: Record<Task['task'], () => string> = {
	answer: m.speakers_desk_answer,
	profile: m.speakers_desk_profile,
	texts: m.speakers_desk_texts,
	slides: m.speakers_desk_slides,
	consents: m.speakers_desk_consents,
	availability: m.speakers_desk_availability,
	languages: m.speakers_desk_languages,
	check: m.speakers_desk_check
};

/** A person's open tasks, in their order. */
export function missingOf({ tasks }: Pick<SpeakerRow, 'tasks'>): string[] {
	return (Object.keys(taskLabels) as Task['task'][]).flatMap((task) => {
		const { done = 0, asked = 0 } = tasks[task] ?? {};
		if (done >= asked) return [];
		const name = taskLabels[task]();
		return [asked > 1 ? m.speakers_desk_left({ task: name, left: number(asked - done), all: number(asked) }) : name];
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
	sort,
	page
}: {
	missing: string | null;
	query: string;
	sort: string;
	page: number;
}): string {
	const words = new URLSearchParams();
	if (missing) words.set('missing', missing);
	if (query) words.set('q', query);
	if (sort) words.set('sort', sort);
	if (page > 1) words.set('page', String(page));
	const search = words.toString();
	return search ? `?${search}` : '';
}
