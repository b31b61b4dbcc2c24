import { SaxesParser } from 'saxes';
import { isOfTheseYears, minorOf, type LeftOut, type ReadStatement, type StatementRow } from './statement.ts';

/** An element of an entry, its name without the prefix of its namespace. */
interface Node {
	name: string;
	text: string;
	attributes: Record<string, string>;
	children: Node[];
}

const most = { entries: 5000, depth: 40, text: 4000 };

/**
 * Reads a CAMT.053 statement or a CAMT.054 notice of single bookings, versions .02 to .08; each transaction of a batch is
 * a row. Both give a booking the same number, by which it is known when it comes again.
 */
export function readCamt(xml: string, today: string): ReadStatement {
	const rows: StatementRow[] = [];
	const left: LeftOut[] = [];
	const path: Node[] = [];
	let account = '';
	let isStatement = false;
	const parser = new SaxesParser({});
	parser.on('error', (error) => {
		throw error;
	});
	parser.on('doctype', () => {
		throw new Error('A statement has no document type.');
	});
	parser.on('opentag', ({ name, attributes }) => {
		if (path.length >= most.depth) throw new Error('The file is nested too deeply.');
		const node = { name: bare(name), text: '', attributes: attributes as Record<string, string>, children: [] };
		if (node.name === 'BkToCstmrStmt' || node.name === 'BkToCstmrDbtCdtNtfctn') isStatement = true;
		path.push(node);
	});
	parser.on('text', (text) => {
		const node = path.at(-1);
		if (node && node.text.length < most.text) node.text += text;
	});
	parser.on('closetag', () => {
		const node = path.pop();
		const parent = path.at(-1);
		if (!node) return;
		if (node.name === 'Acct' && (parent?.name === 'Stmt' || parent?.name === 'Ntfctn'))
			account = textOf(node, 'Id', 'IBAN') || textOf(node, 'Id', 'Othr', 'Id');
		if (node.name === 'Ntry') {
			const entries = readEntry(node, { account, today, line: parser.line });
			if (rows.length + left.length + entries.length > most.entries) throw new Error('The file has too many entries.');
			for (const read of entries)
				if ('why' in read) left.push(read);
				else rows.push(read);
		} else if (
			path.some(({ name }) => name === 'Ntry') ||
			parent?.name === 'Acct' ||
			path.some(({ name }) => name === 'Acct')
		) {
			// Only accounts and entries are kept; the rest of a file of megabytes is dropped while reading.
			parent?.children.push(node);
		}
	});
	try {
		parser.write(xml).close();
	} catch {
		return { ok: false };
	}
	return isStatement ? { ok: true, rows, left } : { ok: false };
}

const bare = (name: string) => name.slice(name.indexOf(':') + 1);

function all(node: Node, ...path: string[]): Node[] {
	return path.reduce<Node[]>(
		(nodes, name) => nodes.flatMap(({ children }) => children.filter((each) => each.name === name)),
		[node]
	);
}

const textOf = (node: Node, ...path: string[]) => all(node, ...path)[0]?.text.trim() ?? '';

interface Place {
	account: string;
	today: string;
	line: number;
}

interface Part extends Place {
	/** The place of a transaction in its entry; 0: the whole entry. */
	part: number;
	/** Whether the bank's number of the transaction tells it from the others. */
	isNumbered: boolean;
}

function readEntry(entry: Node, place: Place): (StatementRow | LeftOut)[] {
	const transactions = all(entry, 'NtryDtls', 'TxDtls');
	const amounts = transactions.map((each) => amountOf(each));
	const whole = minorIn(all(entry, 'Amt')[0]);
	const sum = amounts.reduce<number | null>(
		(total, each) => (total === null || each === null ? null : total + each),
		0
	);
	// A batch whose parts do not add up is one row: finance divides it.
	if (transactions.length > 1 && sum === whole) {
		const isNumbered = areNumbered(entry, transactions);
		return transactions.map((each, at) => readTransaction(entry, [each], { ...place, part: at + 1, isNumbered }));
	}
	return [readTransaction(entry, transactions, { ...place, part: 0, isNumbered: true })];
}

// Whether each part of a batch has a number of its own: some banks repeat that of the batch, or give all the same.
function areNumbered(entry: Node, transactions: Node[]): boolean {
	const numbers = transactions.map((each) => given(textOf(each, 'Refs', 'AcctSvcrRef')));
	const distinct = new Set(numbers);
	return !distinct.has('') && !distinct.has(given(textOf(entry, 'AcctSvcrRef'))) && distinct.size === numbers.length;
}

function amountOf(transaction: Node): number | null {
	return minorIn(all(transaction, 'Amt')[0] ?? all(transaction, 'AmtDtls', 'TxAmt', 'Amt')[0]);
}

function minorIn(amount: Node | undefined): number | null {
	return amount ? minorOf(amount.text.trim(), amount.attributes['Ccy'] ?? '') : null;
}

function readTransaction(entry: Node, transactions: Node[], place: Part): StatementRow | LeftOut {
	const [first] = transactions;
	const money =
		(place.part > 0 && first && (all(first, 'Amt')[0] ?? all(first, 'AmtDtls', 'TxAmt', 'Amt')[0])) ||
		all(entry, 'Amt')[0];
	const { line } = place;
	const direction = (place.part > 0 && first && textOf(first, 'CdtDbtInd')) || textOf(entry, 'CdtDbtInd');
	const returned = isReturn(entry, transactions);
	const booked_on = (
		textOf(entry, 'BookgDt', 'Dt') ||
		textOf(entry, 'BookgDt', 'DtTm') ||
		textOf(entry, 'ValDt', 'Dt')
	).slice(0, 10);
	const amount = minorIn(money);
	const currency = money?.attributes['Ccy'] ?? '';
	const status = textOf(entry, 'Sts', 'Cd') || textOf(entry, 'Sts');
	const why = !/^[A-Z]{3}$/.test(currency)
		? 'currency'
		: status !== 'BOOK'
			? 'pending'
			: direction !== 'CRDT' && !returned
				? 'outgoing'
				: !/^\d{4}-\d\d-\d\d$/.test(booked_on) || Number.isNaN(Date.parse(booked_on))
					? 'date'
					: amount === null || amount === 0
						? 'amount'
						: !isOfTheseYears(booked_on, place.today)
							? 'far'
							: null;
	if (why !== null || amount === null) return { line, why: why ?? 'amount' };
	const reference = referenceOf(entry, first, place);
	const batch = place.part > 0 ? batchOf(entry, place) : null;
	return {
		line,
		booked_on,
		amount,
		currency,
		words: wordsOf(entry, transactions),
		...(reference && { reference }),
		...(batch && { batch }),
		...(returned && { returned: direction === 'CRDT' ? 'in' : 'out' })
	};
}

// Returned, reversed or unpaid, by the bank's own code of the transaction.
const returnCodes = new Set(['RRTN', 'RPCR', 'UPDD', 'PRDD', 'ARET']);

function isReturn(entry: Node, transactions: Node[]): boolean {
	return (
		/^(?:true|1)$/.test(textOf(entry, 'RvslInd')) ||
		transactions.some((each) => all(each, 'RtrInf').length > 0) ||
		[entry, ...transactions].some((each) => returnCodes.has(textOf(each, 'BkTxCd', 'Domn', 'Fmly', 'SubFmlyCd')))
	);
}

const given = (text: string) => (/^(?:NOTPROVIDED|NONREF|NOT PROVIDED)?$/i.test(text) ? '' : text);

// The bank's number of the entry, and of its part; each is unique in an account.
function referenceOf(
	entry: Node,
	transaction: Node | undefined,
	{ account, part, isNumbered }: Pick<Part, 'account' | 'part' | 'isNumbered'>
): string {
	const whole = given(textOf(entry, 'AcctSvcrRef'));
	const own = transaction && isNumbered ? given(textOf(transaction, 'Refs', 'AcctSvcrRef')) : '';
	const number = part === 0 ? whole || own : [whole, own || String(part)].filter(Boolean).join('/');
	return whole || own ? [account, number].filter(Boolean).join(' ') : '';
}

// The whole entry of a part, as a file without its transactions gives it.
function batchOf(entry: Node, place: Place): StatementRow['batch'] | null {
	const reference = referenceOf(entry, undefined, { ...place, part: 0, isNumbered: false });
	const amount = minorIn(all(entry, 'Amt')[0]);
	return reference && amount !== null && amount > 0 ? { reference, amount } : null;
}

function wordsOf(entry: Node, transactions: Node[]): string {
	const words = transactions.flatMap((each) => {
		const party = (role: string) =>
			textOf(each, 'RltdPties', role, 'Nm') || textOf(each, 'RltdPties', role, 'Pty', 'Nm');
		return [
			party('Dbtr'),
			party('UltmtDbtr'),
			...all(each, 'RmtInf', 'Ustrd').map(({ text }) => text.trim()),
			...all(each, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref').map(({ text }) => text.trim()),
			given(textOf(each, 'Refs', 'EndToEndId')),
			textOf(each, 'RtrInf', 'AddtlInf'),
			textOf(each, 'AddtlTxInf')
		];
	});
	const known = [...new Set(words.filter(Boolean))];
	return (known.length > 0 ? known : [textOf(entry, 'AddtlNtryInf')]).join(' · ').slice(0, 1000);
}
