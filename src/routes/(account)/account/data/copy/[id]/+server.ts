import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { copiedFiles } from '#lib/files/server/answer-files.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { dataArchive } from '#lib/privacy/server/copy.ts';
import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

const back = (outcome: string) => redirect(303, href(`/account/data?copy=${outcome}`));

/** Downloads a copy that the reader asked for, once. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
	// A look at the headers is not a download.
	if (request.method === 'HEAD') return new Response(null, { status: 204 });
	const read = await rpc(locals.supabase, 'read_data_copy', { copy: params.id });
	return byStatus(read, {
		ok: ({ copy }) =>
			new Response(dataArchive(copy, copiedFiles), {
				headers: {
					'content-type': 'application/zip',
					'content-disposition': 'attachment; filename="my-data.zip"',
					'cache-control': 'private, no-store, no-transform',
					'x-content-type-options': 'nosniff'
				}
			}),
		confirm_first: () => back('confirm'),
		used: () => back('used'),
		expired: () => back('late'),
		not_found: notFound
	});
};
