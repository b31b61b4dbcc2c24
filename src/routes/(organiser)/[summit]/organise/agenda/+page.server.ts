import type { DraftAnswer, Change } from '#lib/agenda/builder/builder.ts';
import { viewOf, boardOptionsOf } from '#lib/agenda/builder/view.ts';
import { refusalWords } from '#lib/agenda/builder/words.ts';
import { countOf } from '#lib/agenda/checks/checks.ts';
import { readChecks } from '#lib/agenda/server/checks.ts';
import { changePlacements, readBuilder, stepPlacements } from '#lib/agenda/server/placing.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { text } from '#lib/i18n/locale.ts';
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
	const { rooms, tracks, formats } = summit;
	const view = viewOf(builder, summit, boardOptionsOf(url.searchParams));
	const shown = new Set(view.entries.map(({ placement }) => placement.session));
	const wrong = checks.findings.filter(({ sessions }) => sessions.some((session) => shown.has(session)));
	return {
		builder: { release, changes, undo, redo },
		view,
		rooms,
		tracks,
		formats,
		counts: countOf(checks.findings),
		wrong: wrong.map(({ code, severity, sessions }) => ({ code, severity, sessions }))
	};
};

/** The page's own script reads the answer; without script the summary shows the message. */
function given(summit: Summit, answer: DraftAnswer) {
	if (answer.status === 'ok') return { answer };
	const names = new Map(summit.rooms.map(({ slug, name }) => [slug, text(name).text]));
	const form = withIssue({ values: {}, issues: [] }, '', refusalWords(answer, summit.zone, names));
	return fail(409, { answer, form });
}

async function step({ locals }: Pick<RequestEvent, 'locals'>, forward: boolean) {
	const { summit } = locals;
	return given(summit, await stepPlacements(locals.supabase, summit.id, forward));
}

// The database validates the changes.
const changes = v.pipe(v.string(), v.maxLength(20_000), v.parseJson(), v.array(v.record(v.string(), v.unknown())));

export const actions: Actions = {
	place: async ({ locals, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), v.object({ changes }));
		if (!parsed.ok) return fail(422, { answer: { status: 'invalid' } satisfies DraftAnswer, form: parsed.form });
		const asked = parsed.output.changes as unknown as Change[];
		return given(summit, await changePlacements(locals.supabase, summit.id, asked));
	},
	undo: (event) => step(event, false),
	redo: (event) => step(event, true)
};
