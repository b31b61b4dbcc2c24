import { commentSchema, evidenceOf, removeEvidenceSchema, reportSchema, verifySchema } from '#lib/commitments/forms.ts';
import {
	commentCommitment,
	readCommitment,
	removeReportFile,
	reportCommitment,
	verifyReport
} from '#lib/commitments/server/commitments.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { evidenceLimit, uploadCommitmentFile } from '#lib/files/server/commitment-files.ts';
import { refusedDocument } from '#lib/files/server/document-action.ts';
import { acted, formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { inPageLanguage } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { listTiedDocuments } from '#lib/library/server/library.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const [commitment, documents] = await Promise.all([
		readCommitment(locals.supabase, params.code),
		listTiedDocuments(locals.supabase, 'commitment', params.code)
	]);
	if (!commitment) error(404, m.ui_not_found());
	return { commitment, documents, most: evidenceLimit };
};

const gone = () => refuse('', m.commitments_gone());
const limited = () => refuse('', m.commitments_limited());
const invalid = () => refuse('', m.ui_form_wrong(), 422);

export const actions: Actions = {
	report: formAction('report', reportSchema, async (input, event) => {
		const { commitment, member, progress, value } = input;
		const report = {
			commitment,
			member,
			progress,
			value,
			body: inPageLanguage(input.body),
			links: evidenceOf(input.links)
		};
		return byStatus(await reportCommitment(event.locals.supabase, report), {
			ok: () => acted(event),
			not_found: notFound,
			not_announced: gone,
			limited,
			invalid
		});
	}),
	verify: formAction('verify', verifySchema, async ({ report }, event) =>
		byStatus(await verifyReport(event.locals.supabase, report), {
			ok: () => acted(event),
			already: () => acted(event),
			not_found: notFound
		})
	),
	remove: formAction('remove', removeEvidenceSchema, async ({ file }, event) =>
		byStatus(await removeReportFile(event.locals.supabase, file), { ok: () => acted(event), not_found: notFound })
	),
	// The report is in the address: the file is read after the rights were checked.
	file: async (event) => {
		const { locals, request, url } = event;
		const report = url.searchParams.get('report') ?? '';
		const form = { name: `file-${report}`, most: evidenceLimit, full: m.commitments_files_full };
		const refused = await refusedDocument(event, form, () => uploadCommitmentFile(locals.supabase, report, request));
		return refused ?? acted(event);
	},
	comment: formAction('comment', commentSchema, async ({ commitment, member, body }, event) =>
		byStatus(await commentCommitment(event.locals.supabase, commitment, member, body), {
			ok: () => acted(event),
			not_found: notFound,
			not_announced: gone,
			limited,
			invalid
		})
	)
};
