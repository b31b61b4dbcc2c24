import { renderLongPdf } from '#lib/files/server/pdf.ts';
import { readPublicPaper } from '#lib/files/server/papers.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dateRange, dayAndClock, number } from '#lib/i18n/time.ts';
import { impactPaper, impactTemplate } from '#lib/impact/paper.ts';
import { requireReport } from '#lib/impact/server/released.ts';
import { reportView } from '#lib/impact/view.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { RequestHandler } from './$types';

/** A released report as a PDF, in the language of the address. */
export const GET: RequestHandler = async ({ locals, url }) => {
	const { summit } = locals;
	const report = await requireReport({ locals, url });
	const address = `${url.origin}${href(`/${summit.slug}/impact`)}?release=${report.number}`;
	const newest = report.releases[0]?.number ?? report.number;
	const paper = await readPublicPaper(`${address} ${newest}`, async () => {
		const data = impactPaper(reportView(report), {
			summit: text(summit.name).text,
			facts: joinFacts([text(summit.city).text, dateRange(`${summit.starts_on}T12:00Z`, `${summit.ends_on}T12:00Z`)]),
			release: m.impact_released_on({
				number: number(report.number),
				date: dayAndClock(report.released_at, summit.zone)
			}),
			corrects: report.reason && m.impact_corrects({ reason: report.reason }),
			old: report.number === newest ? '' : m.impact_is_old(),
			address
		});
		return new Uint8Array(await renderLongPdf(impactTemplate, data));
	});
	if (!paper) notFound();
	return new Response(paper, {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `inline; filename="impact-${summit.slug}-${report.number}.pdf"`,
			'cache-control': 'no-cache'
		}
	});
};
