import { boardDays } from '#lib/agenda/builder/board.ts';
import { boardEntriesOf, type Change, type DraftAnswer } from '#lib/agenda/builder/builder.ts';
import { changePlacements, readBuilder } from '#lib/agenda/server/placing.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const builder = (await readBuilder(locals.supabase, summit.id)) ?? error(404);
	const starts = boardEntriesOf(builder).map(({ start }) => start);
	const { rooms, starts_on, ends_on, zone } = summit;
	const days = boardDays(summit, starts).filter((day) => day >= starts_on && day <= ends_on);
	return { days, day: url.searchParams.get('day') ?? '', rooms, starts_on, ends_on, zone };
};

// The database validates the changes.
const changes = v.pipe(v.string(), v.maxLength(2_000_000), v.parseJson(), v.array(v.record(v.string(), v.unknown())));

export const actions: Actions = {
	apply: async ({ locals, request }) => {
		const parsed = parseForm(await request.formData(), v.object({ changes }));
		if (!parsed.ok) return fail(422, { answer: { status: 'invalid' } satisfies DraftAnswer });
		const answer = await changePlacements(
			locals.supabase,
			locals.summit.id,
			parsed.output.changes as unknown as Change[]
		);
		return answer.status === 'ok' ? { answer: { status: 'ok' } } : fail(409, { answer });
	}
};
