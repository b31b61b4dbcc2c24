import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { auditFilters, type AuditEntry, type AuditList, type AuditQuery } from '#lib/audit/history.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** A page of the history as far as the reader's roles allow; null when they allow nothing. */
export async function listAudit(client: DataClient, summit: string, query: AuditQuery): Promise<AuditList | null> {
	return rpc(client, 'list_audit', { summit, filters: auditFilters(query), before: query.before || null });
}

/** The values of a personal column before and after. The reading is logged. */
export async function openAuditEntry(
	client: DataClient,
	summit: string,
	entry: string
): Promise<AnswerOf<'open_audit_entry'>> {
	return rpc(client, 'open_audit_entry', { summit, entry });
}

/** All entries that match a query, at most 10,000, without personal values. The export is logged. */
export async function exportAudit(client: DataClient, summit: string, query: AuditQuery): Promise<AuditEntry[] | null> {
	return rpc(client, 'export_audit', { summit, filters: auditFilters(query) });
}
