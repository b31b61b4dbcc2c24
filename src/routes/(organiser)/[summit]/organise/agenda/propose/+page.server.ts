import { boardDays } from '#lib/agenda/builder/board.ts';
import { boardEntriesOf, type Builder, type Change } from '#lib/agenda/builder/builder.ts';
import { readChecks } from '#lib/agenda/server/checks.ts';
import { changePlacements, readBuilder } from '#lib/agenda/server/placing.ts';
import { newFindings, type ApplyAnswer } from '#lib/agenda/solver/apply.ts';
import { optionalText } from '#lib/forms/fields.ts';
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

// The changes as the checks take them. One of a time that is gone is refused when it is made.
function movesOf(changes: readonly Change[], builder: Builder) {
	const sessions = new Map(boardEntriesOf(builder).map(({ placement }) => [placement.slot, placement.session]));
	return changes.flatMap((change) => {
		const session = 'session' in change ? change.session : 'slot' in change ? sessions.get(change.slot) : null;
		return session ? [{ ...change, session }] : [];
	});
}

export const actions: Actions = {
	apply: async ({ locals, request }) => {
		const { supabase, summit } = locals;
		const parsed = parseForm(await request.formData(), v.object({ changes, accepted: optionalText(3) }));
		if (!parsed.ok) return fail(422, { answer: { status: 'invalid' } satisfies ApplyAnswer });
		const asked = parsed.output.changes as unknown as Change[];
		if (parsed.output.accepted === '') {
			const builder = (await readBuilder(supabase, summit.id)) ?? error(404);
			const [before, after] = await Promise.all([
				readChecks(supabase, summit.id),
				readChecks(supabase, summit.id, movesOf(asked, builder))
			]);
			if (!before || !after) error(404);
			const findings = newFindings(before.findings, after.findings);
			const { sessions, people } = after;
			const answer = { status: 'findings', findings, sessions, people } satisfies ApplyAnswer;
			if (findings.length > 0) return fail(409, { answer });
		}
		const answer = await changePlacements(supabase, summit.id, asked);
		return answer.status === 'ok' ? { answer: { status: 'ok' } } : fail(409, { answer });
	}
};
