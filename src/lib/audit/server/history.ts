import type { SupabaseClient } from '@supabase/supabase-js';
import {
	auditFilters,
	type AuditEntry,
	type AuditList,
	type AuditQuery,
	type ChangedField
} from '#lib/audit/history.ts';
import { ask } from '#lib/database/server/ask.ts';

/** A page of the history as the reader's roles let them see it; null when nothing of it is theirs. */
export async function listAudit(client: SupabaseClient, summit: string, query: AuditQuery): Promise<AuditList | null> {
	return ask(client, 'list_audit', { summit, filters: auditFilters(query), before: query.before || null });
}

/** What a personal column held before and after. The look is logged. */
export async function openAuditEntry(
	client: SupabaseClient,
	summit: string,
	entry: string
): Promise<{ status: 'ok' | 'not_found' | 'closed'; fields?: ChangedField[] }> {
	return ask(client, 'open_audit_entry', { summit, entry });
}

/** All entries that a query finds, at most 10,000, without personal values. The export is logged. */
export async function exportAudit(
	client: SupabaseClient,
	summit: string,
	query: AuditQuery
): Promise<AuditEntry[] | null> {
	return ask(client, 'export_audit', { summit, filters: auditFilters(query) });
}
