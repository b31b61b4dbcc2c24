import type { CsvTable } from '#lib/files/csv.ts';
import { isMap, mapsIn, type JsonMap } from '#lib/files/json.ts';
import { tableRows, unknownColumns, type TableRow } from './columns.ts';
import { amountOf, emptyRegistration, type ElsewhereState, type FileRegistration } from './registrations.ts';
import { firstLine, lineOf, textLines } from './values.ts';

/** The rows of a file with the questions that it has. */
export interface FoundRows {
	source: string;
	rows: FileRegistration[];
	questions: string[];
}

const codes: Partial<Record<string, ElsewhereState>> = { p: 'paid', n: 'pending', e: 'cancelled', c: 'cancelled' };
const words: Partial<Record<string, ElsewhereState>> = {
	paid: 'paid',
	pending: 'pending',
	'pending (overdue)': 'pending',
	'approval pending': 'pending',
	expired: 'cancelled',
	canceled: 'cancelled',
	cancelled: 'cancelled'
};

const productOf = (item: string, variation: string) => [item, variation].filter(Boolean).join(' – ').slice(0, 200);

interface Item {
	name: string;
	admits: boolean;
	variations: Map<string, string>;
}

function itemsOf(event: JsonMap): Map<string, Item> {
	return new Map(
		mapsIn(event['items']).map((item) => [
			lineOf(item['id']),
			{
				name: firstLine(item, 'name', 'internal_name'),
				admits: item['admission'] !== false,
				variations: new Map(
					mapsIn(item['variations']).map((variation) => [lineOf(variation['id']), lineOf(variation['name'])])
				)
			}
		])
	);
}

/** Reads the order data of pretix as JSON: one registration for each position that admits a person. */
export function readPretixOrders(root: JsonMap): FoundRows {
	const event = isMap(root['event']) ? root['event'] : {};
	const items = itemsOf(event);
	const questions = new Map(
		mapsIn(event['questions']).map((question) => [
			lineOf(question['id']),
			firstLine(question, 'question', 'identifier')
		])
	);
	const rows: FileRegistration[] = [];
	for (const order of mapsIn(event['orders'])) {
		const positions = mapsIn(order['positions']);
		const isAlone = positions.filter((position) => isAdmission(position, items)).length === 1;
		for (const position of positions)
			rows.push(positionOf(order, position, { items, questions, isAlone, line: rows.length + 1 }));
	}
	return { source: `pretix ${lineOf(event['slug'])}`.slice(0, 120), rows, questions: [...questions.values()] };
}

const isAddon = (position: JsonMap) => position['addon_to'] !== null && position['addon_to'] !== undefined;
const isAdmission = (position: JsonMap, items: Map<string, Item>) =>
	!isAddon(position) && items.get(lineOf(position['item']))?.admits !== false;

function positionOf(
	order: JsonMap,
	position: JsonMap,
	known: { items: Map<string, Item>; questions: Map<string, string>; isAlone: boolean; line: number }
): FileRegistration {
	const item = known.items.get(lineOf(position['item']));
	const state = codes[lineOf(order['status'])];
	const answers = mapsIn(position['answers']).flatMap((answer) => {
		const question = known.questions.get(lineOf(answer['question']));
		const text = textLines(answer['answer']);
		return question && text ? [[question, text] as const] : [];
	});
	return {
		...emptyRegistration(known.line),
		key: `${lineOf(order['code'])}-${firstLine(position, 'positionid', 'id')}`,
		name: lineOf(position['attendee_name']),
		// The address of the order is that of its only guest, and says nothing about one of several.
		address: lineOf(position['attendee_email']) || (known.isAlone ? firstLine(order, 'email', 'user') : ''),
		organisation: lineOf(position['company']),
		country: lineOf(position['country']),
		product: productOf(item?.name ?? '', item?.variations.get(lineOf(position['variation'])) ?? ''),
		state: state ?? 'pending',
		writtenState: state ? '' : lineOf(order['status']),
		paid: state === 'paid' ? amountOf(lineOf(position['price'])) : '',
		answers: Object.fromEntries(answers),
		fault:
			order['testmode'] === true
				? 'test_order'
				: isAddon(position)
					? 'addon'
					: item?.admits === false
						? 'no_admission'
						: null
	};
}

const knownColumns = new Set(
	(
		'event_slug order_code position_id status email phone_number order_date order_time date start_date end_date product ' +
		'variation price tax_rate tax_rule tax_value attendee_name attendee_email company address zip_code city country state ' +
		'voucher pseudonymization_id seat_id seat_name seat_zone seat_row seat_number order_comment follow_up_date ' +
		'invoice_address_name vat_id sales_channel order_locale e_mail_address_verified payment_providers ' +
		'attendee_name_title attendee_name_given_name attendee_name_family_name attendee_name_salutation ' +
		'invoice_address_name_title invoice_address_name_given_name invoice_address_name_family_name ' +
		'ticket_secret check_in_text checked_in item_tax_code'
	).split(' ')
);

/** Reads the order positions of pretix as a table. */
export function readPretixPositions(table: CsvTable): FoundRows {
	const rows = tableRows(table);
	const sizes = new Map<string, number>();
	for (const row of rows) sizes.set(row.cell('order_code'), (sizes.get(row.cell('order_code')) ?? 0) + 1);
	const slug = rows[0]?.cell('event_slug') ?? '';
	return {
		source: `pretix ${slug}`.slice(0, 120),
		rows: rows.map((row) => writtenPosition(row, sizes.get(row.cell('order_code')) === 1)),
		questions: unknownColumns(table, knownColumns)
	};
}

function writtenPosition(row: TableRow, isAlone: boolean): FileRegistration {
	const status = row.cell('status');
	const state = words[status.toLowerCase()];
	const product = productOf(row.cell('product'), row.cell('variation'));
	return {
		...emptyRegistration(row.line),
		key: `${row.cell('order_code')}-${row.cell('position_id')}`,
		name: row.cell('attendee_name') || (isAlone ? row.cell('invoice_address_name') : ''),
		address: row.cell('attendee_email') || (isAlone ? row.cell('email') : ''),
		organisation: row.cell('company'),
		country: row.cell('country'),
		product,
		state: state ?? 'pending',
		writtenState: state ? '' : status,
		isCheckedIn: /^(yes|true|1)$/i.test(row.cell('checked_in')),
		paid: state === 'paid' ? amountOf(row.cell('price')) : '',
		answers: row.others(knownColumns)
	};
}
