import { minorDigits } from '#lib/i18n/currency.ts';
import type { CsvRow, CsvTable } from '#lib/files/csv.ts';
import {
	findColumns,
	isBooked,
	readDirection,
	type PaymentDirection,
	type StatementColumns
} from './statement-columns.ts';

/** One row of a bank statement for a received or returned payment. Amount in minor units, day ISO. */
export interface StatementRow {
	line: number;
	booked_on: string;
	amount: number;
	currency: string;
	words: string;
	/** The bank's own number of the booking: the same in every file that contains it. */
	reference?: string;
	/** For a part of a batch: the number and amount of the whole booking. */
	batch?: { reference: string; amount: number };
	/** An earlier payment to us that was returned (out), or a payment by us that came back (in). It pays no order. */
	returned?: 'in' | 'out';
}

/** Why a row was left out. */
export interface LeftOut {
	line: number;
	why: 'date' | 'amount' | 'currency' | 'outgoing' | 'pending' | 'far';
}

export type DateOrder = 'day_first' | 'month_first';

/** The content of a statement, or that its format is unknown. */
export type ReadStatement = { ok: true; rows: StatementRow[]; left: LeftOut[] } | { ok: false };

/** A date as written: ISO, or with the day or the month first; null when it is invalid. */
export function readDay(text: string, order: DateOrder): string | null {
	const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(text) ?? /^(20\d\d)(\d\d)(\d\d)$/.exec(text);
	const other = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(text);
	const parts = iso
		? [iso[1], iso[2], iso[3]]
		: other && (order === 'day_first' ? [other[3], other[2], other[1]] : [other[3], other[1], other[2]]);
	if (!parts) return null;
	const [year = '', month = '', day = ''] = parts;
	const full = `${year.length === 2 ? `20${year}` : year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
	const date = new Date(`${full}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(full) ? full : null;
}

/** An amount as written ("1.234,56", "1,234.56", "1 234.5 CR") in minor units; null when it is invalid or more precise than the currency. */
export function readAmount(text: string, currency: string): number | null {
	const bare = text.replace(/[\s\u00a0\u202f'’]|[A-Z]{3}|[€$£]/g, '').replace(/(CR|DR)$/i, '');
	const negative = /^[-−(]|-$|DR\s*$/i.test(text.trim()) || bare.startsWith('-');
	const figures = bare.replace(/[-+−()]/g, '');
	if (!/^\d[\d.,]*$/.test(figures)) return null;
	const last = Math.max(figures.lastIndexOf('.'), figures.lastIndexOf(','));
	const digits = minorDigits(currency);
	const sign = figures[last];
	const repeated = last >= 0 && figures.indexOf(sign as string) !== last;
	const mixed = figures.includes('.') && figures.includes(',');
	// Three digits after a single separator are thousands, unless the currency has three decimals itself.
	const isDecimal = last >= 0 && !repeated && (mixed || figures.length - last - 1 !== 3 || digits === 3);
	const whole = (isDecimal ? figures.slice(0, last) : figures).replace(/[.,]/g, '');
	const part = isDecimal ? figures.slice(last + 1) : '';
	if (part.length > digits && /[1-9]/.test(part.slice(digits))) return null;
	const minor = Number(whole + part.slice(0, digits).padEnd(digits, '0'));
	return Number.isSafeInteger(minor) && minor <= 2_147_483_647 ? (negative ? -minor : minor) : null;
}

/** An amount as machine formats write it ("1234.5") in minor units; null when it is invalid or more precise than the currency. */
export function minorOf(text: string, currency: string): number | null {
	const [, whole, part = ''] = /^(\d{1,12})(?:\.(\d{0,8}))?$/.exec(text) ?? [];
	if (whole === undefined || !/^[A-Z]{3}$/.test(currency)) return null;
	const digits = minorDigits(currency);
	if (/[1-9]/.test(part.slice(digits))) return null;
	const minor = Number(whole + part.slice(0, digits).padEnd(digits, '0'));
	return minor <= 2_147_483_647 ? minor : null;
}

/** The limits of a bank file. */
export const statementLimit = { bytes: 4_000_000, rows: 5000, cell: 4000 };

/** How a statement's cells are read. */
export interface StatementReading {
	/** Of the account: for rows without a currency. */
	currency: string;
	order: DateOrder;
	/** ISO. Rows booked years away from it are reading errors, or do not concern this Summit. */
	today: string;
}

const day = 86_400_000;

/** Whether a booking date is plausible: from two years before today to a month after. */
export function isOfTheseYears(booked_on: string, today: string): boolean {
	const days = (Date.parse(booked_on) - Date.parse(today)) / day;
	return days >= -730 && days <= 31;
}

// What a bank writes when a payment is returned.
const returnWords =
	/r[uü]cklastschrift|r[uü]ck(?:gabe|buchung|belastung)|retour|storno|revers|returned|rejet|annulation|devoluci|chargeback/i;

/** Reads the rows of received or returned payments; a row without a currency is in the account's. */
export function readStatement(table: CsvTable, reading: StatementReading): ReadStatement {
	const records = [{ line: 1, cells: table.header }, ...table.rows];
	const found = findColumns(records, { day: looksLikeDay, amount: looksLikeAmount });
	if (!found) return { ok: false };
	const { columns, rows: bookings } = found;
	const order = orderOf(
		bookings.map(({ cells }) => cells[columns.date] ?? ''),
		reading.order
	);
	const rows: StatementRow[] = [];
	const left: LeftOut[] = [];
	for (const record of bookings) {
		const read = readRow(record, columns, { ...reading, order });
		if (read === null) continue;
		if ('why' in read) left.push(read);
		else rows.push(read);
	}
	return { ok: true, rows, left };
}

const looksLikeDay = (cell: string) => readDay(cell, 'day_first') !== null || readDay(cell, 'month_first') !== null;
const looksLikeAmount = (cell: string) => /\d[.,]\d{2}\)?$/.test(cell) && readAmount(cell, 'EUR') !== null;

// The named order, unless the file is only plausible the other way round.
function orderOf(days: readonly string[], named: DateOrder): DateOrder {
	const other = named === 'day_first' ? 'month_first' : 'day_first';
	const readable = (order: DateOrder) => days.filter((text) => readDay(text, order) !== null).length;
	return readable(other) > readable(named) ? other : named;
}

function readRow(
	{ line, cells }: CsvRow,
	columns: StatementColumns,
	{ currency, order, today }: StatementReading
): StatementRow | LeftOut | null {
	const cell = (at: number) => cells[at] ?? '';
	const [credited, debited] = [cell(columns.amount), cell(columns.debit)];
	const booked_on = readDay(cell(columns.date), order);
	const code = (cell(columns.currency) || (columns.amountCurrency ?? currency)).toUpperCase();
	const amount = readAmount(credited || debited, /^[A-Z]{3}$/.test(code) ? code : currency);
	// Lines about the balance, before or after the rows.
	if ((credited || debited) === '' || (booked_on === null && amount === null)) return null;
	const words = [...new Set(columns.words.map(cell).filter(Boolean))].join(' · ');
	const directions = columns.direction.map((at) => readDirection(cell(at)));
	const direction = directionOf(directions, { isDebit: !credited, amount: amount ?? 0, words });
	const why = !/^[A-Z]{3}$/.test(code)
		? 'currency'
		: direction === 'none' || !isBooked(cell(columns.status))
			? 'pending'
			: direction === 'out'
				? 'outgoing'
				: booked_on === null
					? 'date'
					: amount === null || amount === 0
						? 'amount'
						: !isOfTheseYears(booked_on, today)
							? 'far'
							: null;
	if (why !== null || booked_on === null || amount === null) return { line, why: why ?? 'amount' };
	const reference = cell(columns.reference);
	return {
		line,
		booked_on,
		amount: Math.abs(amount),
		currency: code,
		words,
		...(reference && { reference }),
		...(direction !== 'in' && { returned: direction === 'returned_in' ? 'in' : 'out' })
	};
}

// A column of directions takes precedence over the sign; where the two contradict each other, nothing was received.
function directionOf(
	directions: readonly (PaymentDirection | null)[],
	{ isDebit, amount, words }: { isDebit: boolean; amount: number; words: string }
): PaymentDirection {
	const known = directions.filter((each) => each !== null);
	const isOutgoing = isDebit || amount < 0 || known.includes('out');
	if (known.includes('none')) return 'none';
	const returned = known.find((each) => each === 'returned_in' || each === 'returned_out');
	if (returned) return isOutgoing ? 'returned_out' : returned;
	if (!isOutgoing) return 'in';
	return returnWords.test(words) ? 'returned_out' : 'out';
}
