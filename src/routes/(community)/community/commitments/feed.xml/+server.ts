import { allowReading } from '#lib/ui/server/open-feeds.ts';
import { answerFile, prepareFile } from '#lib/calendar/server/answer.ts';
import { registerRss } from '#lib/commitments/feeds.ts';
import { filtered, filtersFrom } from '#lib/commitments/register.ts';
import { readPublicRegister } from '#lib/commitments/server/register.ts';
import type { RequestHandler } from './$types';

/** The public register alone, with the filters of the address. */
export const GET: RequestHandler = async ({ request, url }) => {
	const { commitments } = await readPublicRegister();
	const body = registerRss(filtered(commitments, filtersFrom(url.searchParams)), url.origin);
	const file = await prepareFile(url.href, body, false);
	return answerFile(request, file, 'application/rss+xml; charset=utf-8', false);
};

export const OPTIONS = allowReading;
