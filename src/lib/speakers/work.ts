/* Speakers' work on their sessions beforehand. No I/O. */
import { tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';
import type { Participation } from './participation.ts';
import type { SessionTexts } from '#lib/database/answers/speakers/work.ts';

export type {
	CoSpeaker,
	OwnTexts,
	Profile,
	QuestionBox,
	AdvanceQuestions,
	SessionTexts,
	SessionWording
} from '#lib/database/answers/speakers/work.ts';

/** A need as the person wrote it, with the roles that may read it. */
export interface SpeakerNeed {
	kind: 'equipment' | 'access' | 'interpretation' | 'arrival';
	visibleTo: string[];
	need: string;
}

/** Maximum lengths of texts, in characters as people count them. */
const lengths = { title: 200, abstract: 4000, content_note: 400, biography: 2000 } as const;

/** Schema entries for a text in several languages, with the maximum of its kind. */
export function writtenEntries(name: keyof typeof lengths, tags: readonly string[], required = false) {
	return textEntries(name, tags, { most: lengths[name], required, lines: name !== 'title' });
}

/** The schema of the texts of a session. */
export function textsSchema(languages: readonly string[], texts: SessionTexts) {
	return v.object(
		Object.assign(
			{ version: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)) },
			...(['title', 'abstract', 'content_note'] as const).map((name) =>
				writtenEntries(name, tagsFor(languages, texts[name]), name === 'title')
			)
		) as v.ObjectEntries
	);
}

/** Whether texts are required from this person in a participation. */
export function writesTexts({ role, state }: Pick<Participation, 'role' | 'state'>): boolean {
	return state === 'confirmed' && (role === 'speaker' || role === 'chair' || role === 'moderator');
}

/** The typed links, one a line; https is added where the scheme is missing. */
export function linksFrom(typed: string): { url: string }[] | null {
	const lines = typed
		.split(/\s+/)
		.filter((line) => line !== '')
		.map((line) => (/^[a-z][a-z0-9+.-]*:/i.test(line) ? line : `https://${line}`));
	const links = lines.map((line) => (URL.canParse(line) ? new URL(line) : null));
	const fit = (url: URL | null): url is URL =>
		url !== null &&
		url.protocol === 'https:' &&
		url.hostname.includes('.') &&
		url.username === '' &&
		url.href.length <= 258;
	return links.length <= 5 && links.every(fit) ? links.map(({ href }) => ({ url: href })) : null;
}
