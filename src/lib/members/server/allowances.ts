import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { csvLine } from '#lib/files/csv.ts';
import {
	queueFilters,
	queueReasonWord,
	whatMustChange,
	type Allowances,
	type AllowanceChange,
	type Queue,
	type QueueQuery
} from '#lib/members/allowances.ts';
import { sectorName } from '#lib/members/member.ts';

/** All seat quotas of a Summit, with the seats in use; null for readers who may not see them. */
export async function readAllowances(client: DataClient, summit: string): Promise<Allowances | null> {
	return rpc(client, 'read_seat_quotas', { summit });
}

/** The effect of a proposal, found by trying it. */
export async function previewAllowances(
	client: DataClient,
	summit: string,
	proposal: AllowanceChange
): Promise<AnswerOf<'preview_seat_quotas'>> {
	return rpc(client, 'preview_seat_quotas', { summit, proposal });
}

/** Applies a proposal whole. `version` is the one that was read. */
export async function applyAllowances(
	client: DataClient,
	summit: string,
	proposal: AllowanceChange,
	version: string,
	reason: string
): Promise<AnswerOf<'apply_seat_quotas'>> {
	return rpc(client, 'apply_seat_quotas', { summit, proposal, version, reason });
}

/** A page of the queue of a mode; null for readers who may not see it. */
export async function listQueue(
	client: DataClient,
	summit: string,
	query: QueueQuery,
	size = 50
): Promise<Queue | null> {
	const { mode, page } = query;
	return rpc(client, 'list_queue', {
		summit,
		mode,
		filters: queueFilters(query),
		page_size: size,
		page_start: (page - 1) * size
	});
}

/** The queue as a CSV file. */
export async function exportQueue(client: DataClient, summit: string, query: QueueQuery): Promise<string | null> {
	const queue = await listQueue(client, summit, { ...query, page: 1 }, 20_000);
	if (!queue) return null;
	await rpc(client, 'record_list_export', { summit, what: 'queue', rows: queue.rows.length });
	const head = [
		'mode',
		'position',
		'reference',
		'name',
		'member',
		'sector',
		'region',
		'state',
		'reason',
		'since',
		'deadline',
		'what_would_have_to_change'
	];
	return `\uFEFF${csvLine(head)}${queue.rows
		.map((row) =>
			csvLine([
				...[
					queue.mode,
					row.position,
					row.reference,
					row.display_name,
					row.member ?? row.pool,
					row.sector,
					row.region,
					row.state
				],
				...[row.reason && queueReasonWord(row.reason), row.since, row.deadline, whatMustChange(row, queue, sectorName)]
			])
		)
		.join('')}`;
}
