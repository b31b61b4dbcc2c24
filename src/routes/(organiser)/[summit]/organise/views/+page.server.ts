import { safeNext } from '#lib/accounts/next.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id, list, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { withParameter } from '#lib/organising/list-views.ts';
import { deleteListView, saveListView } from '#lib/organising/server/list-views.ts';
import { organiseGroups } from '#lib/organising/server/menu.ts';
import { displayCookie, displayFrom, displayText } from '#lib/ui/list-display.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { viewer, summit }, parent }) => {
	const { views } = await parent();
	const pages = viewer ? organiseGroups(viewer, summit).flatMap(({ entries }) => entries) : [];
	// A list that the reader's roles no longer open keeps its views, out of sight.
	const lists = pages
		.map(({ href, label }) => ({
			href,
			label,
			views: views.filter((view) => href === `/${summit.slug}/organise/${view.list}`)
		}))
		.filter((each) => each.views.length > 0);
	return { lists };
};

const next = v.optional(v.string(), '');
const listName = v.pipe(v.string(), v.maxLength(120));
const saveSchema = v.object({
	list: listName,
	name: requiredText(60),
	query: v.pipe(v.string(), v.maxLength(1000)),
	next
});
const columns = list(v.pipe(v.string(), v.regex(/^[a-z_]{1,30}$/)));
const displaySchema = v.object({
	list: listName,
	'all[]': columns,
	'shown[]': columns,
	compact: checkbox(),
	// Columns that are a parameter of the list's address.
	parameter: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{1,20}$/))),
	'values[]': list(id()),
	next
});

export const actions: Actions = {
	save: formAction('save', saveSchema, async ({ next, ...view }, { locals: { summit, supabase }, params }) => {
		const status = await saveListView(supabase, summit.id, view);
		const invalid = () => refuse('name', m.organising_view_invalid(), 422);
		return byStatus(status, {
			ok: () => safeNext(next, `/${params.summit}/organise/views`),
			full: () => refuse('name', m.organising_view_full()),
			invalid,
			not_allowed: invalid
		});
	}),
	delete: formAction('delete', v.object({ view: id(), next }), async ({ view, next }, { locals, params }) => {
		// One that was deleted in another window is gone as well.
		await deleteListView(locals.supabase, view);
		return safeNext(next, `/${params.summit}/organise/views`);
	}),
	display: formAction('display', displaySchema, (input, { cookies, params, url }) => {
		const before = displayFrom(cookies.get(displayCookie));
		const hidden = input['all[]'].filter((key) => !input['shown[]'].includes(key));
		const text = displayText({
			isCompact: input.compact,
			hidden: { ...before.hidden, [input.list]: hidden }
		});
		const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: url.protocol === 'https:' } as const;
		if (text === '') cookies.delete(displayCookie, options);
		else cookies.set(displayCookie, text, { ...options, maxAge: 400 * 86_400 });
		const { parameter, 'values[]': values, next } = input;
		return safeNext(parameter ? withParameter(next, parameter, values) : next, `/${params.summit}/organise`);
	})
};
