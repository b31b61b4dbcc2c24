import { byStatus } from '#lib/database/by-status.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { id, list, optionalLines, optionalText, requiredText } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOnMoney, importStatement, listBankRows } from '#lib/payments/server/money.ts';
import { readParts } from '#lib/payments/parts.ts';
import { readUploadedStatement } from '#lib/payments/server/statements.ts';
import type { LeftOut } from '#lib/payments/statement.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

const size = 50;
const states = ['open', 'applied', 'linked', 'divided', 'returned', 'set_aside'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const state = states.find((known) => known === url.searchParams.get('state')) ?? 'open';
	const page = Math.min(Math.max(Math.trunc(Number(url.searchParams.get('page') ?? 1)) || 1, 1), 10_000);
	const rows = await listBankRows(supabase, summit.id, state, { limit: size, offset: (page - 1) * size });
	if (!rows) error(403, m.ui_forbidden());
	return { list: rows, state, page, pages: Math.max(1, Math.ceil(rows.total / size)), currency: summit.currency };
};

const whys = {
	date: 'a day that cannot be read',
	amount: 'an amount that cannot be read',
	currency: 'an unknown currency',
	outgoing: 'money that went out',
	pending: 'not booked yet, or undone',
	far: 'a day that is years away'
};

// Only the first few rows are listed, because a file may have thousands.
function leftWords(left: LeftOut[]): string {
	const kinds = Object.entries(whys).flatMap(([why, words]) => {
		const lines = left.filter((one) => one.why === why).map(({ line }) => line);
		if (lines.length === 0) return [];
		return [`${words}: line ${lines.slice(0, 8).join(', ')}${lines.length > 8 ? ` and ${lines.length - 8} more` : ''}`];
	});
	return kinds.length === 0 ? '' : ` Left out: ${kinds.join('; ')}.`;
}

const upload = v.object({
	file: v.pipe(
		v.instance(File, () => 'Choose the file of the statement.'),
		v.check(
			({ size: bytes }) => bytes > 0,
			() => 'Choose the file of the statement.'
		)
	),
	currency: v.pipe(
		v.string(),
		v.trim(),
		v.toUpperCase(),
		v.regex(/^[A-Z]{3}$/, () => 'Give the currency of the account, for example EUR.')
	),
	order: v.picklist(['day_first', 'month_first'])
});

const words: Record<Exclude<RefusalOf<'apply_bank_row'>, 'not_allowed'>, string> = {
	paid: 'paid an order',
	underpaid: 'paid a part',
	revived: 'paid late, and found a seat',
	surplus: 'came for an order that owed nothing, and goes back',
	linked: 'linked to what was typed in',
	already: 'confirmed before',
	currency: 'in another currency, left',
	own: 'for your own order: another person of finance must confirm it',
	unknown_order: 'without an order, left'
};

export const actions: Actions = {
	upload: formAction('upload', upload, async ({ file, currency, order }, { locals }) => {
		const { summit, supabase } = locals;
		const today = new Date().toISOString().slice(0, 10);
		const read = await readUploadedStatement(file, { currency, order, today });
		if (!read.ok) return refuse('file', read.refusal, 422);
		if (read.rows.length === 0) return refuse('file', `No row says that money came in.${leftWords(read.left)}`, 422);
		const imported = await importStatement(supabase, summit.id, file.name, read.rows);
		return byStatus(imported, {
			ok: ({ added, known, returned }) => {
				const seen = known > 0 ? ` ${known} were here before and are not counted again.` : '';
				const back = returned > 0 ? ` ${returned} of them were returned and pay nothing: see “Returned”.` : '';
				return { done: `${added} rows are new.${back}${seen}${leftWords(read.left)}`, name: 'upload' };
			},
			invalid: () => refuse('file', 'The rows of this file cannot be used. Nothing was imported.', 422),
			not_allowed: notFound
		});
	}),
	confirm: formAction('confirm', v.object({ 'rows[]': list(id()) }), async (input, { locals }) => {
		const rows = input['rows[]'].slice(0, 200);
		if (rows.length === 0) return refuse('', 'Choose at least one row.', 422);
		const counts = new Map<keyof typeof words, number>();
		// One transaction for each row, so that a failed row does not undo the others.
		for (const bank_row of rows) {
			const { status } = await actOnMoney(locals.supabase, 'apply_bank_row', { bank_row });
			if (status === 'not_allowed') error(404, m.ui_not_found());
			counts.set(status, (counts.get(status) ?? 0) + 1);
		}
		const outcomes = [...counts].map(([status, count]) => `${count} ${words[status]}`);
		return { done: `Confirmed: ${outcomes.join('; ')}.`, name: 'confirm' };
	}),
	match: (event) =>
		actFromForm(event, {
			form: 'match',
			schema: v.object({ bank_row: id(), order_reference: requiredText(40, () => 'Give the order or the invoice.') }),
			act: 'apply_bank_row',
			args: (input) => input,
			refused: {
				unknown_order: 'There is no such order or invoice.',
				currency: 'That order is in another currency.',
				already: 'This row was confirmed before.'
			},
			done: ({ status }) => `Confirmed: ${words[status]}.`
		}),
	divide: (event) =>
		actFromForm(event, {
			form: 'divide',
			schema: v.object({
				bank_row: id(),
				currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
				parts: v.pipe(
					v.string(),
					v.check(
						(text) => readParts(text, 'EUR') !== null,
						'Write one order and its amount on each line, at least two.'
					)
				)
			}),
			act: 'split_bank_row',
			args: ({ bank_row, currency, parts }) => ({ bank_row, parts: readParts(parts, currency) ?? [] }),
			refused: {
				parts: 'Write one order and its amount on each line, at least two.',
				sum: 'The parts do not add up to the payment.',
				unknown_order: 'One of these orders or invoices is not known.',
				same_order: 'One order is listed twice.',
				currency: 'One of the orders is in another currency.',
				already: 'This row was decided meanwhile.'
			},
			done: () => 'The payment is divided. Confirm its parts.'
		}),
	join: (event) =>
		actFromForm(event, {
			form: 'join',
			schema: v.object({ bank_row: id() }),
			act: 'unsplit_bank_row',
			args: (input) => input,
			refused: { already: 'A part was decided already.' },
			done: () => 'The payment is one row again.'
		}),
	aside: (event) =>
		actFromForm(event, {
			form: 'aside',
			schema: v.object({ bank_row: id(), reason: optionalLines(300), back: optionalText(3) }),
			act: 'ignore_bank_row',
			args: ({ bank_row, reason, back }) => ({ bank_row, reason, back: back !== '' }),
			refused: { reason_needed: 'Say why the row is ignored.', already: 'This row was decided meanwhile.' },
			done: () => 'Done.'
		})
};
