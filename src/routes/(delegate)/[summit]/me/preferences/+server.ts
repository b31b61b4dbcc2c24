import { href } from '#lib/i18n/locale.ts';
import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The address that mails and bookmarks may still have. */
export const GET: RequestHandler = ({ params }) => redirect(308, href(`/${params.summit}/me/data`));
