import { sessionsTable, speakersTable } from '#lib/calendar/exchange/tables.ts';
import { readExchangeDraft } from '#lib/calendar/server/imports.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, params }) => {
	const { summit } = locals;
	const { what } = params;
	if (what !== 'sessions' && what !== 'speakers') error(404);
	const draft = (await readExchangeDraft(locals.supabase, summit.id)) ?? error(403);
	const language = summit.languages[0] ?? 'en';
	const body = what === 'sessions' ? sessionsTable(draft, summit.zone, summit.rooms, language) : speakersTable(draft);
	await rpc(locals.supabase, 'record_schedule_export', {
		summit: summit.id,
		what,
		rows: body.split('\r\n').length - 2
	});
	return new Response(body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${what}-${params.summit}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
