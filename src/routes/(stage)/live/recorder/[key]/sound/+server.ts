import { noteSound } from '#lib/recording/server/recorder.ts';
import type { RequestHandler } from './$types';

/** Notes whether what is recorded sounds, as the page hears it. */
export const POST: RequestHandler = async ({ params, url }) => {
	await noteSound(params.key, url.searchParams.get('lost') === 'true');
	return new Response(null, { status: 204 });
};
