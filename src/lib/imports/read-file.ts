/* A file of another system, from its bytes: recognised by its content, and read. No I/O: it runs in a worker. */
import { decodeText, readCsv, type CsvFault, type CsvTable } from '#lib/files/csv.ts';
import { isDeep, isMap, mapsIn } from '#lib/files/json.ts';
import { kindOfColumns, kindOfJson, type ImportKind } from './kinds.ts';
import { readEventbrite } from './read-eventbrite.ts';
import { readIndicoRegistrants, readIndicoTable } from './read-indico-registrations.ts';
import { readPretixOrders, readPretixPositions, type FoundRows } from './read-pretix.ts';
import {
	readAbstracts,
	readAbstractTable,
	readPretalx,
	readPretalxList,
	tableOf,
	type ReadProposals
} from './read-proposals.ts';
import type { ProposalFile } from './proposals.ts';
import { importedRowsLimit, type RegistrationFile } from './registrations.ts';

/** Why a file is not read. */
export interface ImportFault {
	code:
		| 'empty'
		| 'too_large'
		| 'too_many'
		| 'too_long'
		| 'compressed'
		| 'malformed'
		| 'deep'
		| 'unknown'
		| 'other_kind'
		| 'csv';
	kind?: ImportKind;
	csv?: CsvFault;
}

export type ImportAnswer = { ok: true; file: RegistrationFile | ProposalFile } | { ok: false; fault: ImportFault };

const refusal = (code: ImportFault['code'], more: Omit<ImportFault, 'code'> = {}): ImportAnswer => ({
	ok: false,
	fault: { code, ...more }
});

const packed = [
	[0x1f, 0x8b],
	[0x42, 0x5a, 0x68],
	[0xfd, 0x37, 0x7a, 0x58],
	[0x28, 0xb5, 0x2f, 0xfd]
];

/** Reads a file of another system. */
export function readImport(bytes: Uint8Array): ImportAnswer {
	if (bytes.byteLength > importedRowsLimit.bytes) return refusal('too_large');
	if (packed.some((signs) => signs.every((sign, at) => bytes[at] === sign))) return refusal('compressed');
	const head = decodeText(bytes.subarray(0, 400))
		.text.replace(/^\ufeff/, '')
		.trimStart();
	if (head === '') return refusal('empty');
	if (head.startsWith('<'))
		return head.includes('<schedule') ? refusal('other_kind', { kind: 'schedule' }) : refusal('unknown');
	return head.startsWith('{') || head.startsWith('[') ? readJson(bytes) : readTable(bytes);
}

function readJson(bytes: Uint8Array): ImportAnswer {
	const { text, encoding } = decodeText(bytes);
	if (isDeep(text, importedRowsLimit.depth)) return refusal('deep');
	let root: unknown;
	try {
		root = JSON.parse(text.replace(/^\ufeff/, ''));
	} catch {
		return refusal('malformed');
	}
	const kind = kindOfJson(root);
	if (kind === 'pretix_orders' && isMap(root)) return registrations(kind, encoding, readPretixOrders(root));
	if (kind === 'indico_registrations' && isMap(root)) return registrations(kind, encoding, readIndicoRegistrants(root));
	if (kind === 'indico_abstracts' && isMap(root)) return proposals(kind, encoding, readAbstracts(root));
	if (kind === 'pretalx_proposals') return proposals(kind, encoding, readSubmissions(root));
	return kind === null ? refusal('unknown') : refusal('other_kind', { kind });
}

// Organisers of pretalx export a list with the names of columns as keys; its API has codes.
function readSubmissions(root: unknown): ReadProposals {
	const [first] = mapsIn(root);
	return first && 'ID' in first ? readPretalxList(tableOf(mapsIn(root))) : readPretalx(root);
}

const tables: Partial<Record<ImportKind, (table: CsvTable) => FoundRows>> = {
	pretix_positions: readPretixPositions,
	eventbrite_attendees: readEventbrite,
	indico_registrations: readIndicoTable
};

function readTable(bytes: Uint8Array): ImportAnswer {
	const read = readCsv(bytes, {
		bytes: importedRowsLimit.bytes,
		rows: importedRowsLimit.rows,
		cell: importedRowsLimit.cell
	});
	if (!read.ok) return read.fault.code === 'empty' ? refusal('empty') : refusal('csv', { csv: read.fault });
	const kind = kindOfColumns(read.table.header);
	if (kind === null) return refusal('unknown');
	if (kind === 'pretalx_proposals') return proposals(kind, read.table.encoding, readPretalxList(read.table));
	if (kind === 'indico_abstracts') return proposals(kind, read.table.encoding, readAbstractTable(read.table));
	const reader = tables[kind];
	return reader ? registrations(kind, read.table.encoding, reader(read.table)) : refusal('other_kind', { kind });
}

function registrations(kind: ImportKind, encoding: string, read: FoundRows): ImportAnswer {
	if (read.rows.length > importedRowsLimit.rows) return refusal('too_many');
	return { ok: true, file: { contents: 'registrations', kind, encoding, ...read } };
}

function proposals(kind: ImportKind, encoding: string, read: ReadProposals): ImportAnswer {
	if (read.rows.length > importedRowsLimit.rows) return refusal('too_many');
	return { ok: true, file: { contents: 'proposals', kind, encoding, ...read } };
}
