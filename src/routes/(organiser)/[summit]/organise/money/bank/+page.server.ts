import { byStatus } from '#lib/database/by-status.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { id, list, optionalLines, optionalText, requiredText } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { joinList, joinStatements } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { actOnMoney, importStatement, listBankRows } from '#lib/payments/server/money.ts';
import { readParts } from '#lib/payments/parts.ts';
import { readUploadedStatement } from '#lib/payments/server/statements.ts';
import { statementFaultWords } from '#lib/payments/statement-words.ts';
import type { LeftOut } from '#lib/payments/statement.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

const size = 50;
const states = ['open', 'applied', 'linked', 'divided', 'returned', 'set_aside'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const state = states.find((known) => known === url.searchParams.get('state')) ?? 'open';
	const page = pageNumber(url.searchParams);
	const rows = await listBankRows(supabase, summit.id, state, { limit: size, offset: (page - 1) * size });
	if (!rows) error(403, m.ui_forbidden());
	return { list: rows, state, page, size, currency: summit.currency };
};

const whys = {
	date: m.payments_bank_left_date,
	amount: m.payments_bank_left_amount,
	currency: m.payments_bank_left_currency,
	outgoing: m.payments_bank_left_outgoing,
	pending: m.payments_bank_left_pending,
	far: m.payments_bank_left_far
};

// Only the first few rows are listed, because a file may have thousands.
function leftWords(left: LeftOut[]): string {
	const kinds = Object.entries(whys).flatMap(([why, words]) => {
		const found = left.filter((one) => one.why === why).map(({ line }) => String(line));
		if (found.length === 0) return [];
		const [what, lines] = [words(), joinList(found.slice(0, 8))];
		return found.length > 8
			? m.payments_bank_left_more({ what, lines, count: found.length - 8 })
			: m.payments_bank_left_line({ what, lines });
	});
	return kinds.length === 0 ? '' : m.payments_bank_left({ what: joinStatements(kinds) });
}

const sentences = (...parts: string[]) => parts.filter(Boolean).join(' ');

const upload = v.object({
	file: v.pipe(
		v.instance(File, () => m.payments_bank_file_missing()),
		v.check(
			({ size: bytes }) => bytes > 0,
			() => m.payments_bank_file_missing()
		)
	),
	currency: v.pipe(
		v.string(),
		v.trim(),
		v.toUpperCase(),
		v.regex(/^[A-Z]{3}$/, () => m.payments_bank_currency_missing())
	),
	order: v.picklist(['day_first', 'month_first'])
});

const words: Record<Exclude<RefusalOf<'apply_bank_row'>, 'not_allowed'>, () => string> = {
	paid: m.payments_bank_done_paid,
	underpaid: m.payments_bank_done_underpaid,
	revived: m.payments_bank_done_revived,
	surplus: m.payments_bank_done_surplus,
	linked: m.payments_bank_done_linked,
	already: m.payments_bank_done_already,
	currency: m.payments_bank_done_currency,
	own: m.payments_bank_done_own,
	unknown_order: m.payments_bank_done_unknown
};

export const actions: Actions = {
	upload: formAction('upload', upload, async ({ file, currency, order }, { locals }) => {
		const { summit, supabase } = locals;
		const today = new Date().toISOString().slice(0, 10);
		const read = await readUploadedStatement(file, { currency, order, today });
		if (!read.ok) return refuse('file', statementFaultWords(read.fault), 422);
		if (read.rows.length === 0) return refuse('file', sentences(m.payments_bank_no_rows(), leftWords(read.left)), 422);
		const imported = await importStatement(supabase, summit.id, file.name, read.rows);
		return byStatus(imported, {
			ok: ({ added, known, returned }) => {
				const back = returned > 0 ? m.payments_bank_returned({ count: number(returned) }) : '';
				const seen = known > 0 ? m.payments_bank_known({ count: number(known) }) : '';
				return {
					done: sentences(m.payments_bank_added({ count: added }), back, seen, leftWords(read.left)),
					name: 'upload'
				};
			},
			invalid: () => refuse('file', m.payments_bank_unusable(), 422),
			not_allowed: notFound
		});
	}),
	confirm: formAction('confirm', v.object({ 'rows[]': list(id()) }), async (input, { locals }) => {
		const rows = input['rows[]'].slice(0, 200);
		if (rows.length === 0) return refuse('', m.payments_bank_choose_row(), 422);
		const counts = new Map<keyof typeof words, number>();
		// One transaction for each row, so that a failed row does not undo the others.
		for (const bank_row of rows) {
			const { status } = await actOnMoney(locals.supabase, 'apply_bank_row', { bank_row });
			if (status === 'not_allowed') error(404, m.ui_not_found());
			counts.set(status, (counts.get(status) ?? 0) + 1);
		}
		const outcomes = [...counts].map(([status, count]) => m.payments_bank_counted({ count, what: words[status]() }));
		return { done: m.payments_bank_confirmed({ what: joinStatements(outcomes) }), name: 'confirm' };
	}),
	match: (event) =>
		actFromForm(event, {
			form: 'match',
			schema: v.object({ bank_row: id(), order_reference: requiredText(40, () => m.payments_bank_order_missing()) }),
			act: 'apply_bank_row',
			args: (input) => input,
			refused: {
				unknown_order: m.payments_bank_order_unknown(),
				currency: m.payments_bank_order_currency(),
				already: m.payments_bank_already()
			},
			done: ({ status }) => m.payments_bank_confirmed({ what: words[status]() })
		}),
	divide: (event) =>
		actFromForm(event, {
			form: 'divide',
			schema: v.pipe(
				v.object({ bank_row: id(), currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)), parts: v.string() }),
				v.forward(
					v.check(
						({ parts, currency }) => readParts(parts, currency) !== null,
						() => m.payments_bank_parts_wrong()
					),
					['parts']
				)
			),
			act: 'split_bank_row',
			args: ({ bank_row, currency, parts }) => ({ bank_row, parts: readParts(parts, currency) ?? [] }),
			refused: {
				parts: m.payments_bank_parts_wrong(),
				sum: m.payments_bank_parts_sum(),
				unknown_order: m.payments_bank_parts_unknown(),
				same_order: m.payments_bank_parts_twice(),
				currency: m.payments_bank_parts_currency(),
				already: m.payments_bank_decided()
			},
			done: () => m.payments_bank_divided()
		}),
	join: (event) =>
		actFromForm(event, {
			form: 'join',
			schema: v.object({ bank_row: id() }),
			act: 'unsplit_bank_row',
			args: (input) => input,
			refused: { already: m.payments_bank_part_decided() },
			done: () => m.payments_bank_joined()
		}),
	aside: (event) =>
		actFromForm(event, {
			form: 'aside',
			schema: v.object({ bank_row: id(), reason: optionalLines(300), back: optionalText(3) }),
			act: 'ignore_bank_row',
			args: ({ bank_row, reason, back }) => ({ bank_row, reason, back: back !== '' }),
			refused: { reason_needed: m.payments_bank_aside_why(), already: m.payments_bank_decided() },
			done: () => m.payments_done()
		})
};
