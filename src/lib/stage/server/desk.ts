import type { DataClient } from '#lib/database/client.ts';
import { error, fail, type ActionFailure } from '@sveltejs/kit';
import * as v from 'valibot';
import { checkbox, id, requiredLines, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { entryLocks, layouts } from '#lib/stage/flow.ts';
import { stageRefusal } from '#lib/stage/words.ts';
import {
	allowMicrophone,
	barFromSession,
	confirmNotice,
	countDown,
	lockEntry,
	makeRunHost,
	openRun,
	raiseLevelInEmergency,
	sayBackstage,
	saveSessionClock,
	setOnStage,
	setRunState,
	setSpotlight,
	setStageLayout,
	turnSlide
} from './running.ts';

/** What the desk's actions need of a request. */
interface Event {
	request: Request;
	locals: { supabase: DataClient };
}

type Answer = Promise<ActionFailure<{ form: FormResult }> | { done: true }>;

const person = v.pipe(v.string(), v.regex(/^[A-Z0-9]{4,12}$/));
const yes = v.pipe(
	v.picklist(['yes', 'no']),
	v.transform((value) => value === 'yes')
);

const ofPerson = v.object({ run: id(), person, on: yes });
const minutes = v.union([
	v.pipe(
		v.literal('never'),
		v.transform(() => null)
	),
	wholeNumber(0, 240)
]);

async function act<Schema extends v.GenericSchema>(
	{ request, locals }: Event,
	schema: Schema,
	work: (client: DataClient, wish: v.InferOutput<Schema>) => Promise<string>,
	name = 'desk'
): Answer {
	const parsed = parseForm(await request.formData(), schema, name);
	if (!parsed.ok) return fail(422, { form: parsed.form });
	const status = await work(locals.supabase, parsed.output);
	// Somebody else may have done the same a moment before.
	if (status === 'ok' || status === 'already') return { done: true };
	const sentence = stageRefusal(status);
	if (!sentence) error(404, m.shell_not_found());
	return fail(409, { form: withIssue(parsed.form, '', sentence) });
}

/** Form actions of whoever runs a session or speaks in it; the database decides who may. */
export const deskActions = {
	open: (event: Event) => act(event, v.object({ session: id() }), (client, { session }) => openRun(client, session)),
	state: (event: Event) =>
		act(event, v.object({ run: id(), state: v.picklist(['live', 'paused', 'ended']) }), (client, { run, state }) =>
			setRunState(client, run, state)
		),
	place: (event: Event) => act(event, ofPerson, (client, wish) => setOnStage(client, wish.run, wish.person, wish.on)),
	bar: (event: Event) =>
		act(event, v.object({ session: id(), person, barred: yes }), (client, wish) =>
			barFromSession(client, wish.session, wish.person, wish.barred)
		),
	layout: (event: Event) =>
		act(event, v.object({ run: id(), layout: v.picklist(layouts) }), (client, wish) =>
			setStageLayout(client, wish.run, wish.layout)
		),
	spotlight: (event: Event) =>
		act(event, ofPerson, (client, wish) => setSpotlight(client, wish.run, wish.on ? wish.person : null)),
	silence: (event: Event) =>
		act(event, ofPerson, (client, wish) => allowMicrophone(client, wish.run, wish.person, !wish.on)),
	host: (event: Event) => act(event, ofPerson, (client, wish) => makeRunHost(client, wish.run, wish.person, wish.on)),
	count: (event: Event) =>
		act(event, v.object({ run: id(), seconds: wholeNumber(0, 3600) }), (client, wish) =>
			countDown(client, wish.run, wish.seconds || null)
		),
	clock: (event: Event) =>
		act(event, v.object({ session: id(), starts: checkbox(), ends: minutes }), (client, wish) =>
			saveSessionClock(client, wish.session, wish.starts, wish.ends)
		),
	lock: (event: Event) =>
		act(event, v.object({ run: id(), lock: v.picklist(['none', ...entryLocks]) }), (client, wish) =>
			lockEntry(client, wish.run, wish.lock === 'none' ? null : wish.lock)
		),
	emergency: (event: Event) =>
		act(
			event,
			v.object({ session: id(), level: v.picklist(['chatham_house', 'closed']) }),
			(client, wish) => raiseLevelInEmergency(client, wish.session, wish.level),
			'emergency'
		),
	confirm: (event: Event) =>
		act(event, v.object({ session: id() }), (client, { session }) => confirmNotice(client, session)),
	say: (event: Event) =>
		act(
			event,
			v.object({ run: id(), words: requiredLines(1000) }),
			(client, wish) => sayBackstage(client, wish.run, wish.words),
			'talk'
		),
	turn: (event: Event) =>
		act(event, v.object({ run: id(), page: wholeNumber(1, 2000) }), (client, wish) =>
			turnSlide(client, wish.run, wish.page)
		)
};
