import { isSameWhen, type DraftAnswer, type Change } from '#lib/agenda/builder/builder.ts';
import { editedWhen, editSchema, fieldsOf, isRecordedWorkshop, makeSchema } from '#lib/agenda/builder/panel-form.ts';
import { seenFrom, whenFrom } from '#lib/agenda/builder/placing-form.ts';
import { viewOf, boardOptionsOf } from '#lib/agenda/builder/view.ts';
import { refusalWords } from '#lib/agenda/builder/words.ts';
import { countOf } from '#lib/agenda/checks/checks.ts';
import { needsFields, needsFrom } from '#lib/agenda/checks/needs-form.ts';
import { participationStates } from '#lib/agenda/draft.ts';
import { checkActions } from '#lib/agenda/server/check-actions.ts';
import { readChecks, saveSessionNeeds } from '#lib/agenda/server/checks.ts';
import {
	changeSessionPerson,
	editSession,
	readDraftSession,
	removeSessionPerson,
	saveSession
} from '#lib/agenda/server/draft.ts';
import { changePlacements, readBuilder, stepPlacements } from '#lib/agenda/server/placing.ts';
import {
	chooseSessionGroup,
	sessionGroupFields,
	leaveSessionGroup,
	leaveSessionGroups
} from '#lib/agenda/server/session-groups.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { id } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { error, fail, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const [builder, checks] = await Promise.all([
		readBuilder(locals.supabase, summit.id),
		readChecks(locals.supabase, summit.id)
	]);
	if (!builder || !checks) error(404);
	const { release, changes, undo, redo } = builder;
	const { rooms, tracks, formats, languages } = summit;
	return {
		builder: { release, changes, undo, redo },
		view: viewOf(builder, summit, boardOptionsOf(url.searchParams)),
		rooms,
		tracks,
		formats,
		languages,
		counts: countOf(checks.findings),
		checks
	};
};

const roomNames = (summit: Summit) => new Map(summit.rooms.map(({ slug, name }) => [slug, text(name).text]));

/** The page's own script reads the answer; without script the summary shows the message. */
function given(summit: Summit, answer: DraftAnswer) {
	if (answer.status === 'ok') return { answer };
	const form = withIssue({ values: {}, issues: [] }, '', refusalWords(answer, summit.zone, roomNames(summit)));
	return fail(409, { answer, form });
}

async function step({ locals }: Pick<RequestEvent, 'locals'>, forward: boolean) {
	const { summit } = locals;
	return given(summit, await stepPlacements(locals.supabase, summit.id, forward));
}

// The database validates the changes.
const changes = v.pipe(v.string(), v.maxLength(20_000), v.parseJson(), v.array(v.record(v.string(), v.unknown())));

const groupSchema = v.object({ session: id(), ...sessionGroupFields });

const personSchema = v.object({ entry: id(), answer: v.picklist([...participationStates, 'remove']) });

/** Why a session was not saved, in the panel. */
const unsaved = {
	conflict: () => refuse('', m.agenda_builder_conflict()),
	invalid: () => refuse('', m.agenda_builder_invalid_session()),
	room_taken: () => refuse('rooms[]', m.agenda_builder_room_taken()),
	unknown: () => refuse('', m.agenda_builder_gone()),
	not_allowed: () => refuse('', m.agenda_builder_not_allowed()),
	wrong_state: () => refuse('stage_format', m.agenda_save_room_open())
};

export const actions: Actions = {
	place: async ({ locals, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), v.object({ changes }));
		if (!parsed.ok) return fail(422, { answer: { status: 'invalid' } satisfies DraftAnswer, form: parsed.form });
		const asked = parsed.output.changes as unknown as Change[];
		return given(summit, await changePlacements(locals.supabase, summit.id, asked));
	},
	...checkActions,
	undo: (event) => step(event, false),
	redo: (event) => step(event, true),
	edit: formAction('edit', editSchema, async (input, { locals }, form) => {
		const { summit, supabase } = locals;
		const session = (await readDraftSession(supabase, input.session)) ?? notFound();
		const wished = editedWhen(input, form, summit.zone);
		if (wished.form.issues.length > 0) return new FormRefusal(wished.form.issues, 422);
		if (isRecordedWorkshop(input, session)) return refuse('stage_format', m.agenda_fault_workshop(), 422);
		const saved = await editSession(supabase, summit.id, session.id, fieldsOf(input, session));
		if (saved.status !== 'ok') return unsaved[saved.status]();
		// Separately, so that a move can be undone like any other.
		if (!wished.when || input.state === 'cancelled') return { saved: session.id };
		const { slot } = input;
		// A time that stays is no step of its own: otherwise the first undo would undo nothing.
		if (slot && isSameWhen(seenFrom(input.seen), wished.when)) return { saved: session.id };
		const change = slot
			? { slot, seen: seenFrom(input.seen), ...wished.when }
			: { session: session.id, times: session.slots.length, ...wished.when };
		const answer = await changePlacements(supabase, summit.id, [change]);
		if (answer.status === 'ok') return { saved: session.id };
		const words = refusalWords(answer, summit.zone, roomNames(summit));
		return refuse('rooms[]', m.agenda_builder_only_placed({ why: words }));
	}),
	make: formAction('make', makeSchema, async (input, { locals }, form) => {
		const { summit, supabase } = locals;
		const wished = whenFrom(input, form, summit.zone);
		if (!wished.when) return new FormRefusal(wished.form.issues, 422);
		const original = summit.languages[0] ?? 'en';
		const saved = await saveSession(supabase, summit.id, null, {
			title: { original, [original]: input.title },
			format_id: input.format_id || null
		});
		if (saved.status !== 'ok') return unsaved[saved.status]();
		const answer = await changePlacements(supabase, summit.id, [{ session: saved.id, times: 0, ...wished.when }]);
		if (answer.status === 'ok') return { saved: saved.id };
		const words = refusalWords(answer, summit.zone, roomNames(summit));
		return refuse('rooms[]', m.agenda_builder_only_made({ why: words }));
	}),
	person: formAction('person', personSchema, async ({ entry, answer }, { locals }) => {
		const status =
			answer === 'remove'
				? await removeSessionPerson(locals.supabase, entry)
				: await changeSessionPerson(locals.supabase, entry, answer);
		return byStatus(status, { ok: () => ({ saved: entry }), not_allowed: notFound });
	}),
	chooseGroup: formAction('chooseGroup', groupSchema, async ({ session, group }, { locals }) => {
		return (await chooseSessionGroup(locals.supabase, session, group)) ?? { saved: session };
	}),
	leaveGroup: formAction('leaveGroup', groupSchema, async ({ session, group }, { locals }) => {
		return (await leaveSessionGroup(locals.supabase, session, group)) ?? { saved: session };
	}),
	leaveGroups: formAction('leaveGroups', v.object({ session: id() }), async ({ session }, { locals }) => {
		return (await leaveSessionGroups(locals.supabase, session)) ?? { saved: session };
	}),
	needs: formAction('needs', v.object({ session: id(), ...needsFields }), async ({ session, ...input }, { locals }) => {
		const status = await saveSessionNeeds(locals.supabase, session, needsFrom(input));
		return byStatus(status, {
			ok: () => ({ saved: session }),
			invalid: () => refuse('equipment', m.agenda_builder_needs_too_many()),
			not_allowed: notFound
		});
	})
};
