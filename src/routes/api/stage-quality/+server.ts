import { Buckets } from '#lib/accounts/buckets.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { recordStageQuality } from '#lib/live/server/stage-measures.ts';
import { QualityReport } from '#lib/stage/quality-report.ts';
import { findSummit } from '#lib/summits/server/cache.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

// A hall has one address, and each of its pages reports once a minute.
const ofClient = new Buckets({ burst: 1500, perSecond: 25 });
const ofAll = new Buckets({ burst: 6000, perSecond: 200 });

/** How a stage came to a browser: counts of nobody, for the measures of this process. */
export const POST: RequestHandler = async (event) => {
	const given = v.safeParse(QualityReport, await jsonBody(event.request));
	if (!given.success) error(422, 'This is no report of a stage.');
	const now = Date.now();
	if (!ofClient.take(clientOf(event), now) || !ofAll.take('all', now)) error(429, 'Too many reports.');
	const report = given.output;
	// Only Summits that are on: there are few of them, and anybody can send anything.
	const summit = report.summit === null ? null : await findSummit(report.summit, null);
	if ((report.kind !== 'meeting' && !summit) || (summit && !['open', 'live'].includes(summit.state)))
		error(422, 'There is no such stage.');
	recordStageQuality({ ...report, summit: summit?.slug ?? 'none' });
	return new Response(null, { status: 204 });
};
