import type { CsvRow } from '#lib/files/csv.ts';

/** The columns of a statement's table; -1 where unknown. */
export interface StatementColumns {
	date: number;
	amount: number;
	debit: number;
	currency: number;
	/** All columns that may show whether money was received or sent. */
	direction: number[];
	status: number;
	reference: number;
	words: number[];
	/** The currency in the heading of the amount, "Bedrag (EUR)". */
	amountCurrency: string | null;
}

// Column headings of banks in the languages that we have seen, the more common first; compared by `plain`.
const heads = {
	date: [
		'booking date',
		'booked on',
		'posting date',
		'post date',
		'date completed utc',
		'completed date',
		'date',
		'transaction date',
		'value date',
		'buchungstag',
		'buchungsdatum',
		'buchung',
		'valuta',
		'wertstellung',
		'datum',
		'date operation',
		'date de l operation',
		'date comptable',
		'fecha',
		'fecha operacion',
		'fecha valor',
		'data'
	],
	amount: [
		'credit',
		'credit amount',
		'paid in',
		'money in',
		'haben',
		'abono',
		'haber',
		'amount',
		'gross',
		'brutto',
		'betrag',
		'umsatz',
		'montant',
		'montant operation',
		'montant operation en',
		'importe',
		'bedrag',
		'valor',
		'montante'
	],
	debit: ['debit', 'debit amount', 'paid out', 'money out', 'soll', 'debe', 'cargo'],
	currency: ['payment currency', 'currency', 'wahrung', 'waehrung', 'devise', 'divisa', 'moneda', 'moeda'],
	direction: [
		'balance impact',
		'auswirkung auf guthaben',
		'credit/debit',
		'debit/credit',
		'credit debit indicator',
		'credit debit',
		'cdtdbtind',
		'dr/cr',
		'cr/dr',
		'd/c',
		'c/d',
		's/h',
		'soll/haben',
		'soll haben',
		'soll/haben kennzeichen',
		'af bij',
		'af/bij',
		'direction',
		'sens',
		'signe',
		'debe/haber',
		'indicator',
		'umsatztyp',
		'umsatzart',
		'buchungsart',
		'transaction type',
		'details',
		'type',
		'typ'
	],
	status: ['status', 'state', 'buchungsstatus', 'zustand', 'statut', 'etat', 'estado'],
	reference: ['transaction id', 'transaktionscode', 'transaction code', 'numero de transaction', 'id'],
	words: [
		'description',
		'details',
		'reference',
		'narrative',
		'text',
		'message',
		'memo',
		'note',
		'subject',
		'item title',
		'invoice number',
		'custom number',
		'particulars',
		'remarks',
		'remittance information',
		'payment reference',
		'purpose',
		'verwendungszweck',
		'buchungstext',
		'name',
		'payer',
		'debtor',
		'counterparty',
		'zahlungspflichtige r',
		'beguenstigter/zahlungspflichtiger',
		'begunstigter / auftraggeber',
		'auftraggeber/empfanger',
		'auftraggeber',
		'naam / omschrijving',
		'mededelingen',
		'libelle',
		'libelle court',
		'libelle operation',
		'motif',
		'communication',
		'donneur d ordre',
		'concepto',
		'descripcion',
		'referencia',
		'ordenante',
		'descricao'
	]
} as const;

/** A heading or a value without accents and symbols, in lower case. */
function plain(text: string): string {
	return text
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9/]+/g, ' ')
		.trim();
}

const ofCurrency = /^(.+?) (?:in )?(eur|euros?|usd|gbp|chf|sek|nok|dkk|pln|czk|huf|cad|aud|jpy|uyu|brl|mxn)$/;
const withoutCurrency = (name: string) => ofCurrency.exec(name)?.[1] ?? name;

function columnsOf(header: readonly string[]): StatementColumns {
	const names = header.map((head) => withoutCurrency(plain(head)));
	const first = (known: readonly string[]) => known.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
	const [date, amount, status, reference] = [
		first(heads.date),
		first(heads.amount),
		first(heads.status),
		first(heads.reference)
	];
	const code = ofCurrency.exec(plain(header[amount] ?? ''))?.[2]?.toUpperCase();
	// Some statements name a currency twice, once for the balance: the amount's comes second.
	const behind = names.findIndex((name, at) => at > amount && (heads.currency as readonly string[]).includes(name));
	const currency = first(heads.currency);
	const twice = names.filter((name) => name === names[currency]).length > 1;
	const known = { date, amount, debit: first(heads.debit), currency: twice && behind >= 0 ? behind : currency };
	const words = names.flatMap((name, at) => ((heads.words as readonly string[]).includes(name) ? [at] : []));
	// Without a known column for it, the reference may be in any other.
	const others = names.flatMap((_, at) => (Object.values(known).includes(at) ? [] : [at]));
	return {
		...known,
		status,
		reference,
		direction: names.flatMap((name, at) => ((heads.direction as readonly string[]).includes(name) ? [at] : [])),
		words: words.length > 0 ? words : others,
		amountCurrency: code === undefined ? null : code.startsWith('EURO') ? 'EUR' : code
	};
}

/** The directions and returns that banks write; "memo" moves no money. */
export type PaymentDirection = 'in' | 'out' | 'returned_in' | 'returned_out' | 'none';

const directions: Record<string, PaymentDirection> = {
	...named(
		'in',
		'crdt credit cr c haben h + in incoming eingang gutschrift bij abono haber entrada entree recette credito'
	),
	...named(
		'out',
		'dbit debit dr d soll s - − out outgoing ausgang lastschrift af cargo debe salida sortie depense debito'
	),
	...named('returned_in', 'rd'),
	...named('returned_out', 'rc storno rucklastschrift retoure'),
	...named('none', 'memo ed ec'),
	'payment reversal': 'returned_out',
	'payment refund': 'returned_out',
	chargeback: 'returned_out'
};

function named(direction: PaymentDirection, words: string): Record<string, PaymentDirection> {
	return Object.fromEntries(words.split(' ').map((word) => [word, direction]));
}

/** The meaning of a cell in a column of directions; null when it has none. */
export function readDirection(cell: string): PaymentDirection | null {
	return directions[cell.trim()] ?? directions[plain(cell)] ?? null;
}

const booked = new Set(
	'completed complete booked gebucht posted cleared executed settled abgeschlossen ausgefuhrt comptabilise comptabilisee effectue effectuee termine terminee realizado realizada completado completada contabilizado concluido book'.split(
		' '
	)
);

/** Whether a row's status shows that the money has moved; a row without a status has. */
export const isBooked = (status: string) => status.trim() === '' || booked.has(plain(status));

/** The heading of a table, which many banks put after lines about the account, and the rows after it. */
export function findColumns(
	records: readonly CsvRow[],
	looksLike: { day: (cell: string) => boolean; amount: (cell: string) => boolean }
): { columns: StatementColumns; rows: CsvRow[] } | null {
	for (const [at, { cells }] of records.slice(0, 60).entries()) {
		const columns = columnsOf(cells);
		if (columns.date >= 0 && (columns.amount >= 0 || columns.debit >= 0) && !cells.some((cell) => looksLike.day(cell)))
			return { columns, rows: records.slice(at + 1) };
	}
	return withoutHead(records, looksLike);
}

// Some have no heading at all: the first column of dates and the last of amounts in uniform rows.
function withoutHead(
	records: readonly CsvRow[],
	looksLike: { day: (cell: string) => boolean; amount: (cell: string) => boolean }
): { columns: StatementColumns; rows: CsvRow[] } | null {
	const rows = records.filter(({ cells }) => looksLike.day(cells[0] ?? ''));
	const width = rows[0]?.cells.length ?? 0;
	if (rows.length === 0 || width < 3 || records.length - rows.length > 5) return null;
	if (!rows.every(({ cells }) => cells.length === width)) return null;
	const amounts = Array.from({ length: width }, (_, at) => at).filter(
		(at) => at > 0 && rows.every(({ cells }) => looksLike.amount(cells[at] ?? ''))
	);
	// With a second one it would be a guess which is the balance.
	const [amount] = amounts;
	if (amounts.length !== 1 || amount === undefined) return null;
	const words = Array.from({ length: width }, (_, at) => at).filter((at) => at > 0 && at !== amount);
	return {
		columns: {
			date: 0,
			amount,
			debit: -1,
			currency: -1,
			direction: [],
			status: -1,
			reference: -1,
			words,
			amountCurrency: null
		},
		rows
	};
}
