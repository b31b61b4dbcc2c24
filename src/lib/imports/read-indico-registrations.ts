import type { CsvTable } from '#lib/files/csv.ts';
import { isMap, mapsIn, type JsonMap } from '#lib/files/json.ts';
import { tableRows, unknownColumns, type TableRow } from './columns.ts';
import type { FoundRows } from './read-pretix.ts';
import { amountOf, emptyRegistration, type ElsewhereState, type FileRegistration } from './registrations.ts';
import { firstLine, lineOf } from './values.ts';

const states: Partial<Record<string, ElsewhereState>> = {
	completed: 'paid',
	complete: 'paid',
	pending: 'pending',
	'awaiting payment': 'pending',
	unpaid: 'pending',
	rejected: 'cancelled',
	withdrawn: 'cancelled'
};

const knownColumns = new Set(
	(
		'id name first_name last_name email_address email affiliation position phone_number phone country title address ' +
		'registration_date modification_date registration_state created_by price checked_in check_in_date payment_date tags'
	).split(' ')
);

/** Reads the registrations of Indico as a table. */
export function readIndicoTable(table: CsvTable): FoundRows {
	return {
		source: 'indico list',
		rows: tableRows(table).map(writtenRegistration),
		questions: unknownColumns(table, knownColumns)
	};
}

function writtenRegistration(row: TableRow): FileRegistration {
	const written = row.cell('registration_state');
	const state = states[written.toLowerCase()] ?? (row.cell('payment_date') ? 'paid' : undefined);
	return {
		...emptyRegistration(row.line),
		key: row.cell('id').replace(/^#/, ''),
		name: [row.cell('first_name'), row.cell('last_name')].filter(Boolean).join(' ') || row.cell('name'),
		address: row.cell('email_address', 'email'),
		organisation: row.cell('affiliation'),
		office: row.cell('position'),
		country: row.cell('country'),
		state: state ?? 'pending',
		writtenState: state ? '' : written,
		isCheckedIn: /^(yes|true|1)$/i.test(row.cell('checked_in')),
		paid: state === 'paid' ? amountOf(row.cell('price')) : '',
		answers: row.others(knownColumns)
	};
}

/** Reads the registrants of Indico's API. */
export function readIndicoRegistrants(root: JsonMap): FoundRows {
	const rows = mapsIn(root['registrants']).map((one, at): FileRegistration => {
		const data: JsonMap = isMap(one['personal_data']) ? one['personal_data'] : {};
		const isPaid = one['paid'] === true;
		return {
			...emptyRegistration(at + 1),
			key: lineOf(one['registrant_id']),
			name: [lineOf(data['firstName']), lineOf(data['surname'])].filter(Boolean).join(' ') || lineOf(one['full_name']),
			address: lineOf(data['email']),
			organisation: lineOf(data['affiliation']),
			office: lineOf(data['position']),
			country: firstLine(data, 'country_code', 'country'),
			state: isPaid ? 'paid' : 'pending',
			isCheckedIn: one['checked_in'] === true,
			paid: isPaid ? amountOf(lineOf(one['amount_paid'])) : ''
		};
	});
	return { source: 'indico', rows, questions: [] };
}
