import { isOfTheseYears, minorOf, type LeftOut, type ReadStatement, type StatementRow } from './statement.ts';

/** A field of the message, ":61:…", with its first line. */
interface Field {
	tag: string;
	text: string;
	line: number;
}

/** Whether a text is an MT940 message: it contains an account and a balance, each in its own field. */
export const looksLikeMt940 = (text: string) =>
	/^:20:/m.test(text) && /^:25[A-Z]?:/m.test(text) && /^:60[FM]:/m.test(text);

/** Reads an MT940 statement, or several in one file. */
export function readMt940(text: string, today: string): ReadStatement {
	const rows: StatementRow[] = [];
	const left: LeftOut[] = [];
	let [account, currency] = ['', ''];
	const fields = fieldsOf(text);
	for (const [at, field] of fields.entries()) {
		if (/^25/.test(field.tag)) account = field.text.split('\n')[0]?.trim() ?? '';
		if (/^60/.test(field.tag)) currency = /^[CD]\d{6}([A-Z]{3})/.exec(field.text)?.[1] ?? '';
		if (field.tag !== '61') continue;
		const information = fields[at + 1]?.tag === '86' ? (fields[at + 1]?.text ?? '') : '';
		const read = readLine(field, information, { account, currency, today });
		if ('why' in read) left.push(read);
		else rows.push(read);
	}
	return currency === '' ? { ok: false } : { ok: true, rows, left };
}

function fieldsOf(text: string): Field[] {
	const fields: Field[] = [];
	for (const [at, line] of text.replace(/\r\n?/g, '\n').split('\n').entries()) {
		const begun = /^(?:\{\d:.*\{4:)?:(\d\d[A-Z]?):(.*)$/.exec(line);
		if (begun) fields.push({ tag: begun[1] ?? '', text: begun[2] ?? '', line: at + 1 });
		else if (/^-\}?$|^\{/.test(line)) continue;
		else {
			const last = fields.at(-1);
			if (last) last.text += `\n${line}`;
		}
	}
	return fields;
}

interface Account {
	account: string;
	currency: string;
	today: string;
}

// Value date, booking date, mark (R: a reversal, E: expected), third letter of the currency, amount, kind, the references of both sides.
const statementLine =
	/^(\d{6})(\d{4})?(RC|RD|EC|ED|C|D)([A-Z])?(\d[\d,.]*)([A-Z][A-Z0-9]{3})([^\n]*?)(?:\/\/([^\n]*))?(?:\n([\s\S]*))?$/;

function readLine(
	{ text, line }: Field,
	information: string,
	{ account, currency, today }: Account
): StatementRow | LeftOut {
	const [, value = '', booking, mark = '', , figures = '', kind = '', own = '', bank = ''] =
		statementLine.exec(text) ?? [];
	const booked_on = dayOf(value, booking);
	const amount = minorOf(figures.replace(',', '.').replace(/\.$/, ''), currency);
	const words = wordsOf(information) || text.split('\n').slice(1).join(' ');
	const returned = mark.startsWith('R') || /^.RTI$/.test(kind);
	const comesIn = mark === 'C' || mark === 'RD';
	const why = mark.startsWith('E')
		? 'pending'
		: !comesIn && !returned && mark !== ''
			? 'outgoing'
			: booked_on === null
				? 'date'
				: amount === null || amount === 0
					? 'amount'
					: !isOfTheseYears(booked_on, today)
						? 'far'
						: null;
	if (why !== null || booked_on === null || amount === null) return { line, why: why ?? 'amount' };
	const number = /^(?:NONREF|NOTPROVIDED)?$/.test(bank.trim()) ? '' : bank.trim();
	const purpose = [words, /^(?:NONREF)?$/.test(own.trim()) ? '' : own.trim()].filter(Boolean).join(' · ');
	return {
		line,
		booked_on,
		amount,
		currency,
		words: purpose.slice(0, 1000),
		...(number && { reference: `${account} ${number}` }),
		...(returned && { returned: comesIn ? 'in' : 'out' })
	};
}

// The booking date has no year: the one nearest to the value date is used.
function dayOf(value: string, booking: string | undefined): string | null {
	const [, year = '', month = '', day = ''] = /^(\d\d)(\d\d)(\d\d)$/.exec(value) ?? [];
	const [bookedMonth, bookedDay] = booking ? [booking.slice(0, 2), booking.slice(2)] : [month, day];
	const shift = Number(bookedMonth) - Number(month);
	const full = `${2000 + Number(year) + (shift > 6 ? -1 : shift < -6 ? 1 : 0)}-${bookedMonth}-${bookedDay}`;
	const date = new Date(`${full}T00:00:00Z`);
	return year !== '' && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(full) ? full : null;
}

// Structured by "?20" to "?29" (purpose) and "?32", "?33" (name), by "/NAME/…/REMI/…", or free text. Lines break within words.
function wordsOf(information: string): string {
	const joined = information.replaceAll('\n', '');
	if (/^\d{3}\?/.test(joined)) {
		const parts = joined.split('?').slice(1);
		const pick = (from: number, to: number) =>
			parts
				.filter((part) => Number(part.slice(0, 2)) >= from && Number(part.slice(0, 2)) <= to)
				.map((part) => part.slice(2));
		const purpose = [...pick(20, 29), ...pick(60, 63)].join('').replace(/(?:EREF|MREF|CRED|SVWZ|KREF|ABWA)\+/g, ' ');
		return [pick(32, 33).join(''), purpose.trim(), pick(0, 0).join('')].filter(Boolean).join(' · ');
	}
	if (/^\/[A-Z]{3,4}\//.test(joined)) {
		const parts = joined.split(/\/(?=[A-Z]{3,4}\/)/).filter(Boolean);
		const pick = (name: string) => parts.find((part) => part.startsWith(`${name}/`))?.slice(name.length + 1);
		const words = [pick('NAME') ?? pick('ORDP'), pick('REMI'), pick('EREF')].map((each) =>
			each?.replace(/^NAME\/|\/+$/g, '')
		);
		return words.filter(Boolean).join(' · ') || joined;
	}
	return information.replaceAll('\n', ' ').trim();
}
