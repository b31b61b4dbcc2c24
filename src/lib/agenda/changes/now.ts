/* Live changes by an organiser: from the form on a phone to the change for the database. No I/O. */
import { checkbox, list, optionalText } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { isolated, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import * as v from 'valibot';
import { sessionRoles, type DraftSlot } from '../draft.ts';
import type { SessionRole } from '../session.ts';
import type { ChangeKind } from './changes.ts';
import type { NowAnswer, NowSession } from '#lib/database/answers/agenda/sessions.ts';

export type { NowAnswer, NowSession } from '#lib/database/answers/agenda/sessions.ts';

/** The content of a live release. */
type NowKind = 'placement' | 'state' | 'people';

/** One change for `publish_live_changes`. */
export interface NowChange {
	session: string;
	kinds: NowKind[];
	edit?: {
		version?: number;
		state?: 'cancelled';
		slots?: Omit<DraftSlot, 'id'>[];
		without?: string[];
		with?: { person?: string; name?: string; role: SessionRole }[];
	};
}

const taken: Partial<Record<ChangeKind, NowKind[]>> = {
	added: ['placement', 'state', 'people'],
	moved: ['placement'],
	cancelled: ['state'],
	restored: ['state', 'placement'],
	people: ['people']
};

/** The fields of a session's draft that a change includes. */
export function choiceOf({ id, kinds }: Pick<NowSession, 'id' | 'kinds'>): NowChange {
	return { session: id, kinds: [...new Set(kinds.flatMap((kind) => taken[kind] ?? []))] };
}

/** The sessions whose draft is not public yet. */
export function pendingOf(sessions: readonly NowSession[]): NowSession[] {
	return sessions.filter(({ kinds }) => kinds.length > 0);
}

/** The form of one session on a phone. */
export const nowSchema = v.object({
	session: v.pipe(v.string(), v.uuid()),
	version: v.pipe(v.string(), v.digits(), v.transform(Number)),
	at: v.pipe(v.string(), v.digits(), v.transform(Number)),
	start: v.optional(v.string(), ''),
	end: v.optional(v.string(), ''),
	'rooms[]': list(v.string()),
	'without[]': list(v.pipe(v.string(), v.uuid())),
	/** A person of the Summit, or a new name. */
	with: v.optional(v.union([v.literal(''), v.pipe(v.string(), v.uuid())]), ''),
	with_name: optionalText(120),
	with_role: v.optional(v.picklist(sessionRoles), 'speaker'),
	cancel: checkbox()
});

/** The change of a form, or its errors. */
export function changeFrom(
	output: v.InferOutput<typeof nowSchema>,
	form: FormResult,
	{ zone, slots }: { zone: string; slots: readonly DraftSlot[] }
): { change: NowChange | null; form: FormResult } {
	const change: NowChange = { session: output.session, kinds: [] };
	const without = output['without[]'];
	const { with: person, with_name: name, with_role: role } = output;
	if (person !== '' && name !== '') return { change: null, form: withIssue(form, 'with_name', m.agenda_now_both()) };
	const comes = person !== '' ? [{ person, role }] : name !== '' ? [{ name, role }] : [];
	if (without.length + comes.length > 0) {
		change.kinds.push('people');
		change.edit = { ...(without.length > 0 && { without }), ...(comes.length > 0 && { with: comes }) };
	}
	if (output.cancel) {
		change.kinds.push('state');
		change.edit = { ...change.edit, version: output.version, state: 'cancelled' };
		return { change, form };
	}
	const [start, end] = [instantOf(output.start, zone), instantOf(output.end, zone)];
	const rooms = output['rooms[]'];
	if (start === null) return { change: null, form: withIssue(form, 'start', m.agenda_builder_choose_time()) };
	if (end === null || end <= start) return { change: null, form: withIssue(form, 'end', m.agenda_fault_end()) };
	if (rooms.length === 0) return { change: null, form: withIssue(form, 'rooms[]', m.agenda_walking_room_missing()) };
	const old = slots[output.at];
	const same =
		old !== undefined &&
		Date.parse(old.start) === Date.parse(start) &&
		Date.parse(old.end) === Date.parse(end) &&
		[...old.rooms].sort().join() === [...rooms].sort().join();
	if (!same) {
		change.kinds.push('placement');
		const moved = { ...(old ?? { id: '' }), start, end, rooms };
		change.edit = {
			...change.edit,
			version: output.version,
			slots: old === undefined ? [...slots, moved] : slots.map((slot, at) => (at === output.at ? moved : slot))
		};
	}
	if (change.kinds.length === 0)
		return {
			change: null,
			form: withIssue(form, '', m.agenda_now_nothing())
		};
	return { change, form };
}

/** A refusal in organisers' words. */
export function refusalOfNow(answer: Exclude<NowAnswer, { status: 'ok' }>, title: (map: TextMap) => string): string {
	switch (answer.status) {
		case 'room_taken': {
			const by = (answer.by ?? []).map((one) =>
				one.title ? m.agenda_quoted({ title: isolated(title(one.title)) }) : m.agenda_builder_unseen_session()
			);
			const names = joinFacts(by);
			return names === '' ? m.agenda_now_room_taken() : m.agenda_now_taken_by({ names });
		}
		case 'conflict':
			return m.agenda_now_conflict();
		case 'blocked':
			return m.agenda_now_blocked();
		case 'nothing_changed':
			return m.agenda_now_same();
		case 'no_release':
			return m.agenda_now_no_release();
		case 'not_allowed':
		case 'invalid':
		case 'unknown':
			return m.agenda_now_refused();
	}
}
