import type { DataClient } from '#lib/database/client.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import { id } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { refusedSentence } from '#lib/recording/words.ts';
import { recordsWith } from './choice.ts';
import { setLarge } from './large.ts';
import { startRecording, stopRecording } from './recordings.ts';

interface Event {
	request: Request;
	locals: { supabase: DataClient };
}

const turn = v.object({ run: id(), large: v.picklist(['on', 'off']) });
const wish = v.object({ run: id(), record: v.picklist(['start', 'stop']) });

/** Form actions of whoever runs a session; the database decides who may. */
export const recordingActions = {
	record: async ({ request, locals: { supabase } }: Event) => {
		const parsed = parseForm(await request.formData(), wish, 'record');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { run, record } = parsed.output;
		const answer =
			record === 'stop'
				? { status: await stopRecording(supabase, run) }
				: recordsWith() === null
					? { status: 'no_recorder' }
					: await startRecording(supabase, run);
		// Somebody else may have done the same a moment before.
		if (answer.status === 'ok' || answer.status === 'already') return { done: true as const };
		if (answer.status === 'not_found') error(404, m.shell_not_found());
		const people = 'people' in answer ? answer.people : [];
		return fail(409, { form: withIssue(parsed.form, '', refusedSentence(answer.status, people ?? [])) });
	},
	large: async ({ request, locals: { supabase } }: Event) => {
		const parsed = parseForm(await request.formData(), turn, 'large');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await setLarge(supabase, parsed.output.run, parsed.output.large === 'on');
		if (status === 'ok' || status === 'already') return { done: true as const };
		if (status === 'not_found') error(404, m.shell_not_found());
		return fail(409, { form: withIssue(parsed.form, '', refusedSentence(status, [])) });
	}
};
