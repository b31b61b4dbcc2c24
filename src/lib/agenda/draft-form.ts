import { m } from '#lib/i18n/messages.ts';
import { checkbox, list, wholeNumber } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import type { DraftSession } from '#lib/agenda/draft.ts';
import { linksFromForm } from '#lib/agenda/links.ts';
import { levels } from '#lib/ui/level.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

/** Texts of a session, and their maximum lengths. */
const written = { title: 200, abstract: 4000, content_note: 400 } as const;
const empty = v.literal('');
const maybeId = v.optional(v.union([empty, v.pipe(v.string(), v.uuid())]), '');
const localTime = v.optional(
	v.union([
		empty,
		v.pipe(
			v.string(),
			v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d/, () => m.agenda_fault_moment())
		)
	]),
	''
);

/** How many times the form shows: the existing ones, and one more. */
export function slotCount(session: DraftSession | null): number {
	return Math.min((session?.slots.length ?? 0) + 1, 12);
}

/** The schema of a session's form. */
export function sessionSchema(languages: readonly string[], session: DraftSession | null) {
	const texts = Object.entries(written).map(([name, most]) =>
		textEntries(name, tagsFor(languages, session?.[name as keyof typeof written]), {
			most,
			required: name === 'title',
			lines: name !== 'title'
		})
	);
	const slots = Array.from({ length: slotCount(session) }, (_, at) => ({
		[`slot.${at}.id`]: maybeId,
		[`slot.${at}.start`]: localTime,
		[`slot.${at}.end`]: localTime,
		[`slot.${at}.rooms[]`]: list(v.string())
	}));
	return v.object(
		Object.assign(
			{
				format_id: maybeId,
				track_id: maybeId,
				level: v.picklist(levels, () => m.agenda_fault_level()),
				audience: v.picklist(['everyone', 'registered', 'listed'], () => m.agenda_fault_audience()),
				attendance: v.picklist(['hall_and_online', 'hall', 'online'], () => m.agenda_fault_attendance()),
				stage_format: v.picklist(['stage', 'meeting'], () => m.agenda_fault_room_format()),
				state: v.picklist(['draft', 'confirmed', 'cancelled'], () => m.agenda_fault_state()),
				'spoken[]': list(v.string()),
				'interpreted[]': list(v.string()),
				'sectors[]': list(v.string()),
				'categories[]': list(v.string()),
				is_recorded: checkbox(),
				is_break: checkbox(),
				version: wholeNumber()
			},
			...texts,
			...slots
		) as v.ObjectEntries
	);
}

interface SlotFields {
	id: string;
	start: string | null;
	end: string | null;
	rooms: string[];
}

/** The fields for `save_session`, and contradictions between them. */
export function sessionFrom(
	output: Record<string, unknown>,
	form: FormResult,
	place: { languages: readonly string[]; zone: string; session: DraftSession | null }
): { fields: Record<string, unknown>; form: FormResult } {
	let result = form;
	const slots: SlotFields[] = [];
	for (let at = 0; at < slotCount(place.session); at += 1) {
		const value = (name: string) => output[`slot.${at}.${name}`];
		const [start, end] = [String(value('start') ?? ''), String(value('end') ?? '')];
		if (start === '' && end === '') continue;
		const slot = {
			id: String(value('id') ?? ''),
			start: instantOf(start, place.zone),
			end: instantOf(end, place.zone),
			rooms: value('rooms[]') as string[]
		};
		if (!slot.start) result = withIssue(result, `slot.${at}.start`, m.agenda_fault_start());
		else if (!slot.end || slot.end <= slot.start) result = withIssue(result, `slot.${at}.end`, m.agenda_fault_end());
		else if (Date.parse(slot.end) - Date.parse(slot.start) > 86_400_000)
			result = withIssue(result, `slot.${at}.end`, m.agenda_fault_length());
		if (slot.rooms.length === 0) result = withIssue(result, `slot.${at}.rooms[]`, m.agenda_builder_choose_room());
		slots.push(slot);
	}
	result = withConflicts(output, result);
	const { links, issues } = linksFromForm(form.values);
	for (const { path, message } of issues) result = withIssue(result, path, message);
	const texts = Object.keys(written).map((name) => [
		name,
		gatherText(output, name, tagsFor(place.languages, place.session?.[name as keyof typeof written]))
	]);
	const { level, audience, attendance, stage_format, state, is_recorded, is_break, version } = output;
	const fields = {
		...Object.fromEntries(texts),
		...(links && { links }),
		level,
		audience,
		attendance,
		stage_format,
		state,
		is_recorded,
		is_break,
		version,
		format_id: output['format_id'] || null,
		track_id: output['track_id'] || null,
		spoken: orEnglish(output['spoken[]'] as string[]),
		interpreted: (output['interpreted[]'] as string[]).filter((tag) => !(output['spoken[]'] as string[]).includes(tag)),
		sectors: audience === 'listed' ? output['sectors[]'] : [],
		categories: audience === 'listed' ? output['categories[]'] : [],
		slots
	};
	return { fields, form: result };
}

function orEnglish(tags: string[]): string[] {
	return tags.length > 0 ? tags : ['en'];
}

function withConflicts(
	{ level, audience, is_recorded, stage_format }: Record<string, unknown>,
	form: FormResult
): FormResult {
	if (audience === 'everyone' && level !== 'public') return withIssue(form, 'audience', m.agenda_fault_everyone());
	if (level === 'closed' && audience !== 'listed') return withIssue(form, 'audience', m.agenda_fault_closed());
	if (is_recorded && (level === 'closed' || level === 'chatham_house'))
		return withIssue(form, 'is_recorded', m.agenda_fault_recorded());
	if (is_recorded && stage_format === 'meeting') return withIssue(form, 'is_recorded', m.agenda_fault_workshop());
	return form;
}
