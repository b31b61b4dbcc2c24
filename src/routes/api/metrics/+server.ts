import { isSecret } from '#lib/forms/server/secrets.ts';
import { readMetrics } from '#lib/live/server/telemetry.ts';
import { error, text } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The metrics of this process for a scraper that sends METRICS_TOKEN as a bearer token; else, or without one, there is nothing here. */
export const GET: RequestHandler = async ({ request }) => {
	const token = process.env['METRICS_TOKEN'];
	const given = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
	if (!token || !given || !isSecret(given, token)) error(404);
	const metrics = await readMetrics();
	if (metrics === null) error(404);
	return text(metrics, {
		headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' }
	});
};
