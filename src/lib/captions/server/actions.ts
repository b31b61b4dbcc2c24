import type { DataClient } from '#lib/database/client.ts';
import { error, fail, type ActionFailure } from '@sveltejs/kit';
import * as v from 'valibot';
import { captionRefusal } from '#lib/captions/words.ts';
import { id } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { makeEngineToken, revokeEngineToken } from './captions.ts';

interface Event {
	request: Request;
	locals: { supabase: DataClient };
}

type Failure = ActionFailure<{ form: FormResult }>;

/** Form actions about the keys of engines; a key is told once, to who made it. */
export const engineActions = {
	async token({ request, locals }: Event): Promise<Failure | { token: string }> {
		const parsed = parseForm(
			await request.formData(),
			v.object({ run: id(), tongue: v.pipe(v.string(), v.trim()) }),
			'token'
		);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { status, token } = await makeEngineToken(locals.supabase, parsed.output.run, parsed.output.tongue);
		if (status === 'ok') return { token };
		if (status === 'not_found') error(404, m.shell_not_found());
		const isField = status === 'invalid';
		const sentence = isField ? m.captions_refused_language() : (captionRefusal(status) ?? '');
		return fail(409, { form: withIssue(parsed.form, isField ? 'tongue' : '', sentence) });
	},
	async revoke({ request, locals }: Event): Promise<Failure | { done: true }> {
		const parsed = parseForm(await request.formData(), v.object({ token: id() }), 'token');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		// Somebody else may have taken it back a moment before.
		await revokeEngineToken(locals.supabase, parsed.output.token);
		return { done: true };
	}
};
