import { id } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	listRecordings,
	readPlayable,
	readRecordingCaptions,
	trimRecording,
	undoTrim
} from '#lib/recording/server/recordings.ts';
import { cutOff, parsePosition } from '#lib/recording/trim.ts';
import { refusedTrim } from '#lib/recording/words.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** A recording that is not published, with what a trim from `?from` until `?until` would cut off. */
export const load: PageServerLoad = async ({ locals: { summit, supabase }, params, url, depends }) => {
	depends('recordings');
	const recording = (await listRecordings(supabase, summit.id)).find(({ id }) => id === params.recording);
	if (!recording?.may_look || recording.length_ms === null) error(404, m.ui_not_found());
	const [{ formats }, captions] = await Promise.all([
		readPlayable(supabase, summit.id, recording.id),
		readRecordingCaptions(supabase, summit.id, recording.id)
	]);
	const length = recording.length_ms;
	const [from, until] = [url.searchParams.get('from'), url.searchParams.get('until')];
	const typed = { from: from ?? '', until: until ?? '' };
	const span = {
		from: typed.from.trim() === '' ? 0 : parsePosition(typed.from),
		until: typed.until.trim() === '' ? length : parsePosition(typed.until)
	};
	const isAsked = from !== null && until !== null && !recording.is_published;
	const issues = {
		from: isAsked && span.from === null ? m.recording_trim_wrong() : undefined,
		until: isAsked && span.until === null ? m.recording_trim_wrong() : undefined
	};
	let preview = null;
	if (isAsked && span.from !== null && span.until !== null) {
		const end = span.until < length ? span.until : null;
		// As the database decides.
		if ((end ?? length) - span.from < 1000 || (span.from === 0 && end === null)) issues.from = m.recording_trim_range();
		else
			preview = {
				from: span.from,
				until: end,
				length: (end ?? length) - span.from,
				...cutOff({ from: span.from, until: end }, recording.chapters, captions ?? {})
			};
	}
	return {
		recording: { ...recording, length_ms: length },
		formats,
		languages: Object.keys(captions ?? {}),
		typed,
		issues,
		preview
	};
};

const position = v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number));
const span = v.object({ from: position, until: v.union([v.literal(''), position]) });

const pathOf = ({ params }: RequestEvent) => `/${params.summit}/organise/recordings/${params.recording}/trim`;

export const actions: Actions = {
	trim: formAction('trim', span, async ({ from, until }, event: RequestEvent) => {
		const status = await trimRecording(
			event.locals.supabase,
			event.params.recording,
			from,
			until === '' ? null : until
		);
		if (status === 'not_found') error(404, m.ui_not_found());
		return status === 'ok' ? `${pathOf(event)}?done=trim` : refuse('', refusedTrim(status));
	}),
	undo: formAction('undo', v.object({ recording: id() }), async (_, event: RequestEvent) => {
		const status = await undoTrim(event.locals.supabase, event.params.recording);
		if (status === 'not_found') error(404, m.ui_not_found());
		return status === 'ok' ? `${pathOf(event)}?done=undo` : refuse('', refusedTrim(status));
	})
};
