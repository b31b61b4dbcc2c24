import { safeNext } from '#lib/accounts/next.ts';
import { id } from '#lib/forms/fields.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { undoAct } from '#lib/organising/server/undo.ts';
import { undoneAddress } from '#lib/organising/undo.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import * as v from 'valibot';
import type { Actions } from './$types';

const schema = v.object({ act: id(), next: v.optional(v.string(), '') });

export const actions: Actions = {
	undo: formAction('undo', schema, async ({ act, next }, { locals: { summit, supabase } }) => {
		const undone = await undoAct(supabase, summit.id, act);
		// It may have been a setting.
		forgetSummits();
		return undoneAddress(safeNext(next, `/${summit.slug}/organise/undo`), undone);
	})
};
