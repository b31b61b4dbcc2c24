import { isolated } from '#lib/i18n/locale.ts';
import { placeOf } from '#lib/agenda/place.ts';
import { previewRelease, publishRelease } from '#lib/agenda/server/changes.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const preview = await previewRelease(locals.supabase, summit.id);
	if (preview.status !== 'ok') error(403, m.ui_forbidden());
	return {
		preview,
		next: (preview.number ?? 0) + 1,
		place: placeOf(summit, null),
		languages: tagsFor(summit.languages, null)
	};
};

function releaseForm({ locals }: RequestEvent) {
	const tags = tagsFor(locals.summit.languages, null);
	const note = textEntries('note', tags, { most: 1000, lines: true });
	return { tags, schema: v.object({ ...note, expected: wholeNumber() }) };
}

export const actions: Actions = {
	default: formAction(releaseForm, async (input, { locals, params }, _, { tags }) => {
		const note = gatherText(input, 'note', tags);
		const made = await publishRelease(locals.supabase, locals.summit.id, note, Number(input.expected));
		return byStatus(made, {
			ok: ({ number }) => {
				forgetSummits();
				return `/${params.summit}/organise/agenda?released=${number}`;
			},
			published_meanwhile: ({ by, number }) =>
				refuse(
					'',
					m.agenda_publish_meanwhile({
						name: by === null || by === undefined ? m.agenda_check_somebody() : isolated(by),
						number: number ?? ''
					})
				),
			blocked: () => refuse('', m.agenda_publish_blocked_below()),
			nothing_to_release: () => refuse('', m.agenda_publish_nothing()),
			invalid_note: () => refuse('', m.ui_form_wrong()),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
