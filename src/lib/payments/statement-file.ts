import { decodeText, readCsv, type CsvFault } from '#lib/files/csv.ts';
import { readCamt } from './camt.ts';
import { looksLikeMt940, readMt940 } from './mt940.ts';
import { readStatement, statementLimit, type StatementReading, type ReadStatement } from './statement.ts';

/** Why a bank file cannot be read. */
export type StatementFault = CsvFault | { code: 'no_table' };

/** The content of a bank file, or why it cannot be read. It is read in a thread that has no messages. */
export type StatementFile = Extract<ReadStatement, { ok: true }> | { ok: false; fault: StatementFault };

/** Reads a bank file: CAMT.053, CAMT.054, MT940, or a table. */
export function readStatementFile(bytes: Uint8Array, reading: StatementReading): StatementFile {
	if (bytes.byteLength > statementLimit.bytes)
		return { ok: false, fault: { code: 'too_large', limit: statementLimit.bytes } };
	const text = decodeText(bytes).text.replace(/^\uFEFF/, '');
	if (/^\s*<(?:\?xml|[\w:]*Document)/.test(text)) return known(readCamt(text.trimStart(), reading.today));
	if (looksLikeMt940(text)) return known(readMt940(text, reading.today));
	const read = readTable(bytes, reading);
	return 'fault' in read ? read : known(read);
}

const known = (read: ReadStatement) => (read.ok ? read : { ok: false as const, fault: { code: 'no_table' as const } });

// Lines about the account before the heading may have another separator than the table.
function readTable(bytes: Uint8Array, reading: StatementReading): ReadStatement | { ok: false; fault: StatementFault } {
	const csv = readCsv(bytes, statementLimit);
	if (!csv.ok && csv.fault.code !== 'quotes') return { ok: false, fault: csv.fault };
	const first = csv.ok ? readStatement(csv.table, reading) : null;
	if (first?.ok) return first;
	for (const delimiter of [';', ',', '\t'] as const) {
		const again = readCsv(bytes, { ...statementLimit, delimiter });
		const read = again.ok ? readStatement(again.table, reading) : null;
		if (read?.ok) return read;
	}
	return csv.ok ? { ok: false } : { ok: false, fault: csv.fault };
}
