import { endPart } from '#lib/recording/server/recorder.ts';
import type { RequestHandler } from './$types';

/** Ends a part. */
export const DELETE: RequestHandler = async ({ params }) => {
	await endPart(params.key, Number(params.part));
	return new Response(null, { status: 204 });
};
