import { noteSound } from '#lib/recording/server/recorder.ts';
import type { RequestHandler } from './$types';

/** Records whether the recording has sound, as measured by the page. */
export const POST: RequestHandler = async ({ params, url }) => {
	await noteSound(params.key, url.searchParams.get('lost') === 'true');
	return new Response(null, { status: 204 });
};
