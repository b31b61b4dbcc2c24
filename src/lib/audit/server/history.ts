import type { DataClient } from '#lib/database/client.ts';
import {
	auditFilters,
	type AuditEntry,
	type AuditList,
	type AuditQuery,
	type ChangedField
} from '#lib/audit/history.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** A page of the history as the reader's roles let them see it; null when nothing of it is theirs. */
export async function listAudit(client: DataClient, summit: string, query: AuditQuery): Promise<AuditList | null> {
	return rpc(client, 'list_audit', { summit, filters: auditFilters(query), before: query.before || null });
}

/** What a personal column held before and after. The look is logged. */
export async function openAuditEntry(
	client: DataClient,
	summit: string,
	entry: string
): Promise<{ status: 'ok' | 'not_found' | 'closed'; fields?: ChangedField[] }> {
	return rpc(client, 'open_audit_entry', { summit, entry });
}

/** All entries that a query finds, at most 10,000, without personal values. The export is logged. */
export async function exportAudit(client: DataClient, summit: string, query: AuditQuery): Promise<AuditEntry[] | null> {
	return rpc(client, 'export_audit', { summit, filters: auditFilters(query) });
}
