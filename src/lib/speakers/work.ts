/* Speakers' work on their sessions beforehand. No I/O. */
import type { SessionLink } from '#lib/agenda/links.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { tagsFor, textEntries } from '#lib/summits/written.ts';
import type { Level } from '#lib/ui/level.ts';
import * as v from 'valibot';
import type { Participation, SessionRole } from './participation.ts';

/** A speaker's profile, for those who keep it up to date. */
export interface Profile {
	person_id: string;
	code: string;
	display_name: string;
	office: string;
	affiliation: string;
	country: string | null;
	biography: TextMap;
	links: { url: string }[];
	version: string;
	is_protected: boolean;
	may_affiliation: boolean;
	in_review: boolean;
	due_at: string | null;
}

export type SessionTexts = Record<'title' | 'abstract' | 'content_note', TextMap>;

/** The texts of a session by its speakers. */
export type SessionWording = SessionTexts & { links: SessionLink[] };

/** The texts of a session for its speakers; `is_direct`: they go straight into the draft. */
export interface OwnTexts {
	texts: SessionWording;
	version: number;
	may_write: boolean;
	due_at: string | null;
	is_direct: boolean;
	suggestion: {
		texts: SessionWording;
		state: 'open' | 'accepted' | 'declined';
		reason: string;
		suggested_at: string;
	} | null;
}

/** A person whom a speaker suggested for their session. */
export interface CoSpeaker {
	id: string;
	display_name: string;
	part: SessionRole;
	state: 'open' | 'invited' | 'declined';
	is_mine: boolean;
}

/** The state of a question: only those approved, current or answered are visible to all viewers. */
export type QuestionState = 'asked' | 'approved' | 'current' | 'answered' | 'declined';

/** A question in advance, for those who answer it. */
interface QuestionAhead {
	id: string;
	body: string;
	from: string | null;
	state: QuestionState;
}

/** The questions of a session for its speakers; `erased_after`: nothing is kept. */
export interface QuestionsAhead {
	level: Level;
	may_hide: boolean;
	erased_after: boolean;
	questions: QuestionAhead[];
}

export type ShownAs = 'name' | 'affiliation' | 'nobody';

/** What a person may send in advance to a session, and has sent. */
export interface QuestionBox {
	status: 'ok' | 'no_entry' | 'begun' | 'off' | 'not_found';
	each: number;
	names: ShownAs[];
	level: Level;
	mine: { id: string; body: string; shown_as: ShownAs; state: QuestionState }[];
}

/** A need as the person wrote it, with its readers. */
export interface Need {
	kind: 'equipment' | 'access' | 'interpretation' | 'arrival';
	readers: string[];
	need: string;
}

/** Maximum lengths of texts, in characters as people count them. */
export const lengths = { title: 200, abstract: 4000, content_note: 400, biography: 2000 } as const;

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
