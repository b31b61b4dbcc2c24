import type { AnswerOf } from '#lib/database/calls.ts';
import { byStatus } from '#lib/database/by-status.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { csvFaultWords } from '#lib/files/csv-words.ts';
import { readTable } from '#lib/files/tables.ts';
import { isId } from '#lib/forms/ids.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	importLimit,
	type ImportFile,
	type MemberImportPreview,
	type MemberImportOutcome
} from '#lib/members/import.ts';
import { importRows } from './import-rows.ts';
import { hintedAddress } from './member.ts';

/** Reads a file and stores a preview: the preview's id, or why the file cannot be read. */
export async function prepareMemberImport(
	client: DataClient,
	summit: string,
	upload: File
): Promise<{ id: string } | { fault: string }> {
	const read = await readTable(upload, importLimit);
	if (!read.ok) return { fault: csvFaultWords(read.fault) };
	const { table } = read;
	const planned = importRows(table, hintedAddress);
	if (!planned) return { fault: m.members_import_no_column({ line: isolated(joinFacts(table.header).slice(0, 200)) }) };
	if (planned.rows.length === 0) return { fault: m.members_import_no_rows() };
	const file: ImportFile = {
		name: upload.name.slice(0, 120),
		encoding: table.encoding,
		delimiter: table.delimiter,
		ignored: planned.ignored.slice(0, 20),
		rows: planned.rows.length
	};
	const made = await rpc(client, 'prepare_member_import', {
		summit,
		file,
		rows: planned.rows
	});
	return byStatus(made, {
		ok: ({ id }) => ({ id }),
		too_many: () => ({ fault: m.members_import_too_many() }),
		invalid: () => ({ fault: m.members_import_invalid() }),
		not_allowed: () => ({ fault: m.members_import_not_allowed() })
	});
}

/** One page of the reader's own preview; null when there is none. */
export async function readMemberImport(
	client: DataClient,
	id: string,
	outcome: MemberImportOutcome | '',
	page: number,
	size = 50
): Promise<MemberImportPreview | null> {
	if (!isId(id)) return null;
	const outcomes = outcome ? [outcome] : [];
	return rpc(client, 'read_member_import', { import: id, outcomes, page_size: size, page_start: (page - 1) * size });
}

/** Applies the preview, part by part; each part is its own transaction. */
export async function applyMemberImport(
	client: DataClient,
	id: string,
	choices: Record<string, 'same' | 'new'>
): Promise<Exclude<AnswerOf<'apply_member_import'>, { status: 'more' }>> {
	for (;;) {
		const answer = await rpc(client, 'apply_member_import', {
			import: id,
			choices
		});
		if (answer.status !== 'more') return answer;
	}
}
