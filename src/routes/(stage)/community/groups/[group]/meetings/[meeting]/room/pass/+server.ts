import { answerPass } from '#lib/stage/server/answer-pass.ts';
import { meetingPassFor } from '#lib/stage/server/tokens.ts';
import type { RequestHandler } from './$types';

/** A token for the live room of a meeting, for this reader at this moment. Only our own page may request it. */
export const POST: RequestHandler = async ({ locals, params }) =>
	answerPass(await meetingPassFor(locals, params.group, params.meeting));
