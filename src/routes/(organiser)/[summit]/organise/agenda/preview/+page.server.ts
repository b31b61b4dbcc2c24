import { placeOf } from '#lib/agenda/place.ts';
import { notEntered, previewView, readerPreviewQuery } from '#lib/agenda/reader-preview.ts';
import { previewDraft } from '#lib/agenda/server/previews.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { findListable } from '../listable.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const query = readerPreviewQuery(url.searchParams);
	const [answer, found] = await Promise.all([
		previewDraft(supabase, summit.id, query),
		findListable(supabase, summit.id, query.who)
	]);
	if (answer.status === 'not_allowed') notFound();
	const { name, sessions } = answer.status === 'ok' ? answer : { name: null, sessions: [] };
	const place = { ...placeOf(summit, null), isPreview: true };
	const view = previewView(sessions, place, summit.rooms, query);
	const shown = view.shown.flatMap(({ rows }) =>
		rows.flatMap(({ entries }) => entries.map(({ session }) => session.id))
	);
	return {
		query,
		found,
		isUnknown: answer.status === 'unknown',
		name,
		place,
		view,
		rooms: summit.rooms,
		languages: summit.languages,
		notEntered: notEntered(sessions, new Set(shown), query)
	};
};
