import { error, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { id, yesNo } from '#lib/forms/fields.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { refusedSentence } from '#lib/recording/words.ts';
import { recordsWith } from './choice.ts';
import { setLarge } from './large.ts';
import { setBoothConsent, startRecording, stopRecording } from './recordings.ts';

const turn = v.object({ run: id(), large: v.picklist(['on', 'off']) });
const schema = v.object({ run: id(), record: v.picklist(['start', 'stop']) });

/** Form actions of people who run a session; the database decides who may. */
export const recordingActions = {
	record: formAction('record', schema, async ({ run, record }, event: RequestEvent) => {
		const { supabase } = event.locals;
		const answer =
			record === 'stop'
				? { status: await stopRecording(supabase, run) }
				: recordsWith() === null
					? { status: 'no_recorder' as const }
					: await startRecording(supabase, run);
		// Somebody else may have done the same a moment before.
		if (answer.status === 'ok' || answer.status === 'already') return acted(event);
		if (answer.status === 'not_found') error(404, m.ui_not_found());
		const people = 'people' in answer ? answer.people : [];
		return refuse('', refusedSentence(answer.status, people ?? []));
	}),
	large: formAction('large', turn, async ({ run, large }, event: RequestEvent) => {
		const status = await setLarge(event.locals.supabase, run, large === 'on');
		if (status === 'ok' || status === 'already') return acted(event);
		if (status === 'not_found') error(404, m.ui_not_found());
		return refuse('', refusedSentence(status, []));
	})
};

const consent = v.object({
	run: id(),
	agrees: yesNo()
});

/** Form action of interpreters about the recording of their voice; the database decides who may. */
export const boothConsentActions = {
	consent: formAction('consent', consent, async ({ run, agrees }, event: RequestEvent) => {
		const status = await setBoothConsent(event.locals.supabase, run, agrees);
		// The same press in another window.
		if (status === 'ok' || status === 'already') return acted(event);
		return refuse('', m.participation_refused_gone());
	})
};
