import type { CsvTable } from '#lib/files/csv.ts';
import { tableRows, unknownColumns } from './columns.ts';
import type { FoundRows } from './read-pretix.ts';
import { amountOf, emptyRegistration, type ElsewhereState } from './registrations.ts';

const states: Partial<Record<string, ElsewhereState>> = {
	attending: 'paid',
	'checked in': 'paid',
	'': 'paid',
	'not attending': 'cancelled',
	deleted: 'cancelled',
	cancelled: 'cancelled',
	canceled: 'cancelled',
	refunded: 'cancelled',
	transferred: 'cancelled',
	unpaid: 'pending',
	started: 'pending'
};

const knownColumns = new Set(
	(
		'order order_no order_id order_date order_time prefix suffix first_name last_name surname email email_address quantity ' +
		'ticket_quantity price_tier ticket_type attendee attendee_no attendee_id group order_type currency total_paid gross_sales ' +
		'fees_paid eventbrite_fees eventbrite_payment_processing service_fees attendee_status notes company job_title ' +
		'billing_address billing_city billing_state billing_zip billing_country home_phone cell_phone work_phone gender age ' +
		'birth_date website blog home_address_1 home_address_2 home_city home_state home_zip home_country buyer_first_name ' +
		'buyer_last_name buyer_surname buyer_email barcode ticket_price event_name event_id event_start_date event_start_time ' +
		'event_timezone event_location check_in_time checked_in'
	).split(' ')
);

/** Reads the attendees of Eventbrite, as its attendee report has them. */
export function readEventbrite(table: CsvTable): FoundRows {
	const seen = new Map<string, number>();
	const rows = tableRows(table).map((row) => {
		const order = row.cell('order', 'order_no', 'order_id');
		const place = (seen.get(order) ?? 0) + 1;
		seen.set(order, place);
		const status = row.cell('attendee_status');
		const state = states[status.toLowerCase()];
		const tickets = Number(row.cell('quantity', 'ticket_quantity'));
		const attendee = row.cell('attendee', 'attendee_no', 'attendee_id');
		return {
			...emptyRegistration(row.line),
			key: `${order}-${attendee || `#${place}`}`,
			name: [row.cell('first_name'), row.cell('last_name', 'surname')].filter(Boolean).join(' '),
			address: row.cell('email', 'email_address'),
			organisation: row.cell('company'),
			office: row.cell('job_title'),
			country: row.cell('home_country', 'billing_country'),
			product: row.cell('ticket_type').slice(0, 200),
			state: state ?? ('pending' as const),
			writtenState: state ? '' : status,
			isCheckedIn: status.toLowerCase() === 'checked in',
			paid:
				state === 'paid' ? amountOf(row.cell('total_paid', 'gross_sales', 'ticket_price'), row.cell('currency')) : '',
			tickets: Number.isInteger(tickets) && tickets > 1 ? tickets : 1,
			answers: row.others(knownColumns)
		};
	});
	return { source: 'eventbrite', rows, questions: unknownColumns(table, knownColumns) };
}
