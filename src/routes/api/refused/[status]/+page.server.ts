import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The page behind a refusal of the guard, which runs where no page can be rendered. */
export const load: PageServerLoad = ({ params }) => {
	if (params.status === '403') error(403, m.ui_forbidden());
	if (params.status === '429') error(429, m.ui_too_often());
	error(404, m.ui_not_found());
};
