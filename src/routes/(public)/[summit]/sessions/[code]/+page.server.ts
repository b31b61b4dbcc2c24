import { placeOf } from '#lib/agenda/place.ts';
import { readAgenda } from '#lib/agenda/server/cache.ts';
import { cancelSignUp, readPlaces, signUp } from '#lib/agenda/server/places.ts';
import { forgetMarks, markSession, readMarks, readSession } from '#lib/agenda/server/sessions.ts';
import { entriesOf } from '#lib/agenda/session.ts';
import { structuredSession } from '#lib/agenda/structured.ts';
import { atTheSameTime } from '#lib/agenda/same-time.ts';
import { listTranscripts } from '#lib/captions/server/captions.ts';
import { listSessionCommitments } from '#lib/commitments/server/commitments.ts';
import { readDocuments } from '#lib/files/server/session-files.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isZone } from '#lib/i18n/zone.ts';
import { listTiedDocuments } from '#lib/library/server/library.ts';
import {
	agreedFromFloor,
	agreedInBooth,
	readRecordings,
	takeBackBoothConsent,
	takeBackFloorConsent
} from '#lib/recording/server/recordings.ts';
import { error, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, viewer, supabase } = locals;
	const zone = url.searchParams.get('zone');
	if (zone && !isZone(zone)) error(400, m.agenda_no_zone({ zone: url.searchParams.get('zone')?.slice(0, 60) ?? '' }));
	const [session, agenda] = await Promise.all([
		readSession(supabase, summit.id, params.code),
		readAgenda(locals, summit.id)
	]);
	if (!session) error(404, m.ui_not_found());
	const hasBegun = session.slots.some(({ start }) => Date.parse(start) < Date.now());
	const [places, documents, library, commitments, recordings, transcripts, marks, agreed, agreedToInterpret] =
		await Promise.all([
			readPlaces(supabase, session.id),
			readDocuments(supabase, session.id),
			listTiedDocuments(supabase, 'session', session.code, summit.slug),
			listSessionCommitments(supabase, session.id),
			readRecordings(supabase, session.id),
			hasBegun ? listTranscripts(supabase, summit.id, session.code) : [],
			viewer?.personId ? readMarks(supabase, viewer.personId) : new Set<string>(),
			hasBegun && viewer?.personId ? agreedFromFloor(supabase, session.id) : false,
			viewer?.personId ? agreedInBooth(supabase, session.id) : false
		]);
	const own = entriesOf([session])[0];
	const together = own ? atTheSameTime(own, entriesOf(agenda.sessions)) : [];
	const asked = zone || (viewer?.timeZone ?? null);
	const place = placeOf(summit, asked);
	return {
		session,
		// Link previews show what a signed-out reader may see, and only where a session is public.
		structured: viewer ? null : structuredSession(session, summit, place, url.origin),
		name: summit.name,
		place,
		asked,
		places,
		documents,
		library,
		commitments,
		recordings,
		transcripts,
		agreed,
		agreedToInterpret,
		refused: url.searchParams.get('refused')?.slice(0, 40) ?? null,
		clashes: places ? together.filter((entry) => marks.has(entry.session.id)).map((entry) => entry.session.title) : [],
		together: together.map((entry) => ({ ...entry, session: { ...entry.session, abstract: {}, people: [] } }))
	};
};

export const actions: Actions = {
	mark: async ({ locals, params, request }) => {
		const { summit, viewer, supabase } = locals;
		const back = href(`/${summit.slug}/sessions/${params.code}`);
		if (!viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(back)}`));
		const session = await readSession(supabase, summit.id, params.code);
		const marked = (await request.formData()).get('marked') === 'yes';
		if (!session || !(await markSession(supabase, viewer.personId, session.id, marked))) error(404, m.ui_not_found());
		redirect(303, back);
	},
	signUp: async ({ locals, params, request }) => {
		const { summit, viewer, supabase } = locals;
		const back = href(`/${summit.slug}/sessions/${params.code}`);
		if (!viewer) redirect(303, href(`/sign-in?next=${encodeURIComponent(back)}`));
		const session = await readSession(supabase, summit.id, params.code);
		if (!session) error(404, m.ui_not_found());
		const channel = (await request.formData()).get('channel') === 'hall' ? 'hall' : 'online';
		const answer = await signUp(supabase, session.id, channel);
		forgetMarks(viewer.personId);
		redirect(
			303,
			answer.status === 'ok' ? back : `${back}?refused=${'reason' in answer ? answer.reason : answer.status}`
		);
	},
	unrecord: async ({ locals, params }) => {
		const { summit, viewer, supabase } = locals;
		const session = summit && viewer ? await readSession(supabase, summit.id, params.code) : null;
		if (!session) error(404, m.ui_not_found());
		await takeBackFloorConsent(supabase, session.id);
		redirect(303, href(`/${summit.slug}/sessions/${params.code}`));
	},
	unrecordBooth: async ({ locals, params }) => {
		const { summit, viewer, supabase } = locals;
		const session = summit && viewer ? await readSession(supabase, summit.id, params.code) : null;
		if (!session) error(404, m.ui_not_found());
		await takeBackBoothConsent(supabase, session.id);
		redirect(303, href(`/${summit.slug}/sessions/${params.code}`));
	},
	giveBack: async ({ locals, params }) => {
		const { summit, viewer, supabase } = locals;
		const session = summit && viewer ? await readSession(supabase, summit.id, params.code) : null;
		if (!session) error(404, m.ui_not_found());
		await cancelSignUp(supabase, session.id);
		redirect(303, href(`/${summit.slug}/sessions/${params.code}`));
	}
};
