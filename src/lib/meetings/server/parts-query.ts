import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { partNames } from '../room/room-parts.ts';

const query = v.object({
	parts: v.pipe(
		v.string(),
		v.transform((names) => names.split(',')),
		v.array(v.picklist(partNames))
	),
	after: v.nullable(v.pipe(v.string(), v.uuid()))
});

/** The parts of a live room for which a page asks, and its last message; 400 for anything else. */
export function partsQuery({ searchParams }: URL) {
	const found = v.safeParse(query, { parts: searchParams.get('parts'), after: searchParams.get('after') });
	return found.success ? found.output : error(400, m.ui_form_wrong());
}
