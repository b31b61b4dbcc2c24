import { joinFacts } from '#lib/i18n/list.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { levels } from '#lib/ui/level.ts';
import { anyText, type KnownSession, type PlannedRow, type RowNote } from './draft.ts';
import { linkLines } from '#lib/agenda/links.ts';
import type { FileEvent } from './file.ts';
import { linksOf, type Origin } from './origin.ts';
import { splitNote, joinTexts } from './parts.ts';
import type { RowContext } from './row.ts';

const most = { title: 200, abstract: 20_000, content_note: 400 };

/** Records the change of a field. */
export function addChange(row: PlannedRow, field: string, from: string, to: string): void {
	row.changes.push({ field, from: from.slice(0, 200), to: to.slice(0, 200) });
}

function setText(
	row: PlannedRow,
	name: 'title' | 'abstract' | 'content_note',
	words: string,
	old: TextMap,
	language: string
): void {
	const before = old[language] ?? '';
	if (before === words || (words === '' && before === '')) return;
	// An empty text changes nothing: not every format has a field for each.
	if (words === '') return;
	const original = old['original'] ?? language;
	row.plan.fields[name] = { ...old, original, [language]: words };
	addChange(row, name, before, words);
}

/** The texts of a session, in the language of the file. */
export function setTexts(
	row: PlannedRow,
	event: FileEvent,
	session: KnownSession | null,
	{ planning }: RowContext
): RowNote[] {
	const { language } = planning.choices;
	// In our own files, the title of a cancelled session is marked.
	const own = session?.title[language] ?? '';
	const title = session?.state === 'cancelled' && own !== '' && event.title.endsWith(own) ? own : event.title;
	if (title === '' && !session) return [{ code: 'no_title' }];
	if (title.length > most.title) return [{ code: 'title_too_long', words: String(title.length) }];
	const { note, description } = splitNote(event.description, planning.notePrefixes);
	const texts = joinTexts({ subtitle: event.subtitle, abstract: event.abstract, description });
	if (texts.text.length > most.abstract) return [{ code: 'text_too_long', words: String(texts.text.length) }];
	const content = event.contentNote || note;
	if (content.length > most.content_note) return [{ code: 'text_too_long', words: String(content.length) }];
	setText(row, 'title', title, session?.title ?? {}, language);
	setText(row, 'abstract', texts.text, session?.abstract ?? {}, language);
	setText(row, 'content_note', content, session?.content_note ?? {}, language);
	return [];
}

/** The links of the session. A file without links changes nothing: not every format has a field for them. */
export function setLinks(
	row: PlannedRow,
	{ session, events }: { session: KnownSession | null; events: readonly { origin: Origin }[] }
): void {
	const links = linksOf(events.map(({ origin }) => origin));
	// Pages and files are two lists in the format: a different order in our list is no change.
	const existing = (session?.links ?? []).toSorted((a, b) => b.kind.localeCompare(a.kind));
	const key = (list: typeof links) => list.map(({ url, title, kind }) => `${kind} ${url} ${title}`).join('\n');
	if (links.length === 0 || key(links) === key(existing)) return;
	row.plan.fields['links'] = links;
	if (session) addChange(row, 'links', linkLines(existing), linkLines(links));
}

/** Its confidentiality level, state, languages and headings. */
export function setFacts(
	row: PlannedRow,
	event: FileEvent,
	session: KnownSession | null,
	context: RowContext
): RowNote[] {
	const { choices } = context.planning;
	const { fields } = row.plan;
	const level = event.level ?? (session ? null : choices.level);
	if (level !== null && !levels.some((known) => known === level)) return [{ code: 'unknown_level', words: level }];
	const state = event.state ?? (session ? null : choices.state);
	if (state !== null && !['draft', 'confirmed', 'cancelled'].includes(state))
		return [{ code: 'unknown_state', words: state }];
	if (level !== null && level !== session?.level) {
		fields['level'] = level;
		fields['audience'] = level === 'public' ? 'everyone' : level === 'closed' ? 'listed' : 'registered';
		if (level === 'closed' || level === 'chatham_house') fields['is_recorded'] = false;
		addChange(row, 'level', session?.level ?? '', level);
	}
	if (state !== null && state !== session?.state) {
		fields['state'] = state;
		addChange(row, 'state', session?.state ?? '', state);
	}
	if (event.isBreak && !session) fields['is_break'] = true;
	setRoomFormat(row, event, session);
	const held = level ?? session?.level;
	const isStage = (fields['stage_format'] ?? session?.stage_format ?? 'stage') === 'stage';
	const recorded =
		event.doNotRecord === null ? null : !event.doNotRecord && isStage && (held === 'public' || held === 'members');
	if (recorded !== null && recorded !== (session?.is_recorded ?? false)) {
		fields['is_recorded'] = recorded;
		addChange(row, 'is_recorded', session ? (session.is_recorded ? 'yes' : 'no') : '', recorded ? 'yes' : 'no');
	}
	setLanguages(row, event, session);
	for (const [name, words, headings] of [
		['track', event.track, context.tracks],
		['format', event.type, context.formats]
	] as const) {
		if (words === '') continue;
		const known = session?.[name];
		if (known && Object.entries(known).some(([tag, value]) => tag !== 'original' && value === words)) continue;
		const slug = headings.slug(words);
		if (slug === null && words.length > 120) continue;
		if (slug === null) row.notes.push({ code: 'unknown_heading', words });
		else {
			row.plan[name] = slug;
			addChange(row, name, anyText(known), words);
		}
	}
	return [];
}

// A workshop is not recorded.
function setRoomFormat(row: PlannedRow, { roomFormat }: FileEvent, session: KnownSession | null): void {
	const now = session?.stage_format ?? 'stage';
	if (roomFormat === null || roomFormat === now) return;
	row.plan.fields['stage_format'] = roomFormat;
	if (roomFormat === 'meeting') row.plan.fields['is_recorded'] = false;
	const word = (format: string) => (format === 'meeting' ? 'workshop' : format);
	addChange(row, 'stage_format', session ? word(now) : '', word(roomFormat));
}

function setLanguages(row: PlannedRow, event: FileEvent, session: KnownSession | null): void {
	const tag = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
	const spoken = event.language.split(';').filter((one) => tag.test(one));
	const now = session?.spoken ?? [];
	// Most formats have a field for one language: the other spoken ones stay.
	const isSame = spoken.length === 0 || (spoken.length === 1 ? now[0] === spoken[0] : now.join() === spoken.join());
	if (!isSame) {
		row.plan.fields['spoken'] = [...spoken, ...(spoken.length === 1 ? now.filter((one) => one !== spoken[0]) : [])];
		addChange(row, 'spoken', joinFacts(now), joinFacts(spoken));
	}
	const interpreted = event.interpreted?.filter((one) => tag.test(one));
	if (interpreted && interpreted.join() !== (session?.interpreted ?? []).join()) {
		row.plan.fields['interpreted'] = interpreted;
		addChange(row, 'interpreted', joinFacts(session?.interpreted ?? []), joinFacts(interpreted));
	}
}
