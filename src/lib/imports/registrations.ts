/* Registrations as files of other systems name them. No I/O. */
import type { ImportKind } from './kinds.ts';

/** What the other system says about a registration: `pending` is also what is not known to be paid. */
export type ElsewhereState = 'paid' | 'pending' | 'cancelled';

/** Why a row is no registration. */
export type RecordFault = 'no_name' | 'name_too_long' | 'wrong_address' | 'addon' | 'no_admission' | 'test_order';

/** A person of a file. Absent texts are ''. */
export interface FileRegistration {
	line: number;
	/** Its name there: the order and the position in it. */
	key: string;
	name: string;
	address: string;
	organisation: string;
	office: string;
	country: string;
	product: string;
	state: ElsewhereState;
	/** The state as it is written, where it is unknown. */
	writtenState: string;
	isCheckedIn: boolean;
	/** What was paid there, as it is written: "250.00 EUR". */
	paid: string;
	/** How many tickets one row stands for. */
	tickets: number;
	/** By the text of the question. */
	answers: Record<string, string>;
	fault: RecordFault | null;
}

/** What was read. */
export interface RegistrationFile {
	contents: 'registrations';
	kind: ImportKind;
	/** The system and its event, by which a later file is known to be about the same orders. */
	source: string;
	encoding: string;
	rows: FileRegistration[];
	questions: string[];
}

/** The limits of one file. */
export const importedRowsLimit = { bytes: 10_000_000, rows: 10_000, depth: 40, cell: 20_000, products: 200, text: 200 };

/** A registration of which nothing is known yet. */
export function emptyRegistration(line: number): FileRegistration {
	return {
		line,
		key: '',
		name: '',
		address: '',
		organisation: '',
		office: '',
		country: '',
		product: '',
		state: 'pending',
		writtenState: '',
		isCheckedIn: false,
		paid: '',
		tickets: 1,
		answers: {},
		fault: null
	};
}

const mail = /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$/u;

/** Whether a text is a mail address that can be written to. */
export const isMailAddress = (text: string): boolean => text.length <= 254 && mail.test(text);

/** The fault of a row that can be seen without the database; null for none. */
export function rowFault({ name, address, fault }: FileRegistration): RecordFault | null {
	if (fault !== null) return fault;
	if (name === '') return 'no_name';
	if (name.length > 120) return 'name_too_long';
	return address !== '' && !isMailAddress(address) ? 'wrong_address' : null;
}

// Prices of nothing: "0", "0.00", "0,00 EUR".
const nothing = /^[^\d]*0+([.,]0+)?[^\d]*$/;

/** An amount as it is written there, '' for none: with its currency where that is known. */
export function amountOf(amount: string, currency = ''): string {
	const written = amount.trim();
	if (written === '' || nothing.test(written) || !/\d/.test(written)) return '';
	return (currency === '' || written.includes(currency) ? written : `${written} ${currency}`).slice(0, 60);
}
