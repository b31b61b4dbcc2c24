import type { DataClient } from '#lib/database/client.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { checkbox, id, requiredLines, requiredText, wholeNumber, yesNo } from '#lib/forms/fields.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
import { entryLocks, stageLayouts } from '#lib/stage/flow.ts';
import { announcementRefusal, stageRefusal, type StageRefusal } from '#lib/stage/words.ts';
import {
	allowMicrophone,
	announceOnStage,
	barFromSession,
	confirmNotice,
	countDown,
	giveFloor,
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
	turnSlide,
	withdrawStageAnnouncement
} from './runs.ts';

const person = v.pipe(v.string(), v.regex(/^[A-Z0-9]{4,12}$/));

/** `note`: the version of the content note that the page showed. */
const confirmed = v.object({ session: id(), note: v.optional(v.pipe(v.string(), v.maxLength(16))) });
const ofPerson = v.object({ run: id(), person, on: yesNo() });
const minutes = v.union([
	v.pipe(
		v.literal('never'),
		v.transform(() => null)
	),
	wholeNumber(0, 240)
]);

function act<Schema extends v.GenericSchema>(
	schema: Schema,
	work: (client: DataClient, input: v.InferOutput<Schema>) => Promise<'ok' | 'already' | StageRefusal>,
	name = 'desk',
	sentence = stageRefusal
) {
	return formAction(name, schema, async (input, event: RequestEvent) => {
		const status = await work(event.locals.supabase, input);
		// Somebody else may have done the same a moment before.
		if (status === 'ok' || status === 'already') return acted(event);
		return refuse('', sentence(status));
	});
}

/** Form actions of people who run a session or speak in it; the database decides who may. */
export const deskActions = {
	open: act(v.object({ session: id() }), (client, { session }) => openRun(client, session)),
	state: act(v.object({ run: id(), state: v.picklist(['live', 'paused', 'ended']) }), (client, { run, state }) =>
		setRunState(client, run, state)
	),
	place: act(ofPerson, (client, input) => setOnStage(client, input.run, input.person, input.on)),
	floor: act(v.object({ run: id(), person }), (client, input) => giveFloor(client, input.run, input.person)),
	bar: act(v.object({ session: id(), person, barred: yesNo() }), (client, input) =>
		barFromSession(client, input.session, input.person, input.barred)
	),
	layout: act(v.object({ run: id(), layout: v.picklist(stageLayouts) }), (client, input) =>
		setStageLayout(client, input.run, input.layout)
	),
	spotlight: act(ofPerson, (client, input) => setSpotlight(client, input.run, input.on ? input.person : null)),
	silence: act(ofPerson, (client, input) => allowMicrophone(client, input.run, input.person, !input.on)),
	host: act(ofPerson, (client, input) => makeRunHost(client, input.run, input.person, input.on)),
	count: act(v.object({ run: id(), seconds: wholeNumber(0, 3600) }), (client, input) =>
		countDown(client, input.run, input.seconds || null)
	),
	clock: act(v.object({ session: id(), starts: checkbox(), ends: minutes }), (client, input) =>
		saveSessionClock(client, input.session, input.starts, input.ends)
	),
	lock: act(v.object({ run: id(), lock: v.picklist(['none', ...entryLocks]) }), (client, input) =>
		lockEntry(client, input.run, input.lock === 'none' ? null : input.lock)
	),
	emergency: act(
		v.object({ session: id(), level: v.picklist(['chatham_house', 'closed']) }),
		(client, input) => raiseLevelInEmergency(client, input.session, input.level),
		'emergency'
	),
	confirm: act(confirmed, (client, { session, note }) => confirmNotice(client, session, note)),
	say: act(
		v.object({ run: id(), words: requiredLines(1000) }),
		(client, input) => sayBackstage(client, input.run, input.words),
		'talk'
	),
	announce: act(
		v.object({ run: id(), words: requiredText(280), minutes: wholeNumber(1, 60) }),
		(client, { run, words, minutes }) => announceOnStage(client, run, words, minutes),
		'announce',
		announcementRefusal
	),
	withdraw: act(v.object({ run: id() }), (client, { run }) => withdrawStageAnnouncement(client, run)),
	turn: act(v.object({ run: id(), page: wholeNumber(1, 2000) }), (client, input) =>
		turnSlide(client, input.run, input.page)
	)
};
