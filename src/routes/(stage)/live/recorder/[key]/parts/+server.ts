import { beginPart } from '#lib/recording/server/recorder.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Begins a part. */
export const POST: RequestHandler = async ({ params }) => json({ part: await beginPart(params.key) });
