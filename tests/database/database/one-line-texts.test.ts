/* Single-line texts: no line break and no control character in a name, a title or a label, in any table. */
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();

/** Texts that people write in paragraphs. */
const paragraphs: Record<string, string[]> = {
	'audit.entries': ['reason'],
	'private.backstage_messages': ['words'],
	'private.bank_rows': ['statement', 'words', 'note'],
	'private.booth_messages': ['words'],
	'private.call_questions': ['help'],
	'private.calls': ['text'],
	'private.co_speaker_suggestions': ['note'],
	'private.commitment_comments': ['body'],
	'private.commitment_reports': ['body'],
	'private.commitment_steps': ['reason'],
	'private.commitment_versions': ['summary', 'beneficiaries'],
	'private.commitments': ['withdrawn_reason'],
	'private.library_files': ['content'],
	'private.library_items': ['withdrawn_reason'],
	'private.library_steps': ['reason'],
	'private.library_versions': ['summary'],
	'private.decision_batches': ['reason'],
	'private.decision_proposals': ['reason', 'answer'],
	'private.door_conflicts': ['note'],
	'private.host_lists': ['purpose'],
	'private.information_requests': ['question', 'answer'],
	'private.legal_holds': ['reason'],
	'private.chat_messages': ['body'],
	'private.proposals': ['abstract', 'content_note', 'notes'],
	'private.recordings': ['reason'],
	'private.review_conflicts': ['reason'],
	'private.reporting_duties': ['address', 'note'],
	'private.review_criteria': ['help'],
	'private.review_messages': ['body'],
	'private.reviews': ['comment'],
	'private.side_events': ['purpose', 'room_needs', 'answer'],
	'private.groups': ['purpose'],
	'private.group_requests': ['note'],
	'private.group_decisions': ['wording'],
	'private.group_notices': ['body'],
	'private.group_pages': ['body'],
	'private.group_page_versions': ['body'],
	'private.meeting_items': ['note'],
	'private.meeting_minutes': ['body'],
	'private.meeting_comments': ['body'],
	'private.meeting_messages': ['body'],
	'private.session_questions': ['body'],
	'private.survey_questions': ['help'],
	'private.survey_texts': ['body'],
	'private.surveys': ['intro'],
	'private.text_suggestions': ['reason'],
	'public.allocation_exceptions': ['reason'],
	'public.badges': ['revoked_reason'],
	'public.certificate_settings': ['statement'],
	'public.consent_items': ['detail'],
	'public.consents': ['agreed_detail'],
	'public.logistics_fields': ['help', 'purpose'],
	'public.visa_letter_settings': ['issuer_address'],
	// A template of several lines; its result becomes one line when the mail is written.
	'public.mail_texts': ['subject', 'body'],
	'public.merge_requests': ['reason'],
	'public.money_settings': ['issuer_address', 'invoice_note'],
	'public.nomination_refusals': ['reason'],
	'public.order_adjustments': ['reason'],
	'public.people': ['biography'],
	'public.refunds': ['reason'],
	'public.registration_needs': ['access_needs', 'note'],
	'public.registration_steps': ['reason'],
	'public.release_sessions': ['abstract', 'content_note'],
	'public.releases': ['note'],
	'public.seats': ['release_reason'],
	'public.sessions': ['abstract', 'content_note'],
	'public.summit_contacts': ['note'],
	'public.summit_texts': ['body'],
	'public.summits': ['summary'],
	'public.waiver_requests': ['explanation', 'answer']
};

/** Values that only our own code writes: keys, codes, hashes, states, and identifiers of a provider. */
const ownWords: Record<string, string[]> = {
	'audit.entries': ['database_role', 'table_name', 'row_id', 'changed'],
	'private.name_reveals': ['key_id'],
	'private.address_changes': ['key_id'],
	'private.assistant_addresses': ['key_id'],
	'private.assistant_invitations': ['key_id'],
	'private.announcement_readers': ['locale'],
	'private.audited_tables': ['name', 'shown', 'opened', 'named'],
	'private.page_files': ['object_name'],
	'private.reading_events': ['name'],
	'private.retained_tables': ['name'],
	'private.commitments': ['code'],
	'private.library_file_characters': ['language', 'characters'],
	'private.library_file_words': ['language', 'needs'],
	'private.library_files': ['object_name'],
	'private.commitment_files': ['object_name'],
	'private.library_items': ['code'],
	'private.library_facets': ['languages', 'needs'],
	'private.library_publications': ['languages', 'needs'],
	'private.search_terms': ['needs', 'words'],
	'private.search_words': ['needs', 'word'],
	'private.session_terms': ['word'],
	'private.commitment_terms': ['word'],
	'private.copied_tables': ['name', 'owner_column', 'columns'],
	'private.not_copied_tables': ['name'],
	'private.writable_after_closing': ['table_name', 'reason'],
	'private.begun_deletions': ['class'],
	'private.legal_holds': ['class'],
	'private.retention_classes': ['functions'],
	'private.retention_periods': ['class'],
	'private.retention_reports': ['class', 'table_name', 'fault'],
	'private.retention_rules': [
		'table_name',
		'class',
		'summit',
		'people',
		'since',
		'only_if',
		'or_if',
		'sets',
		'remover'
	],
	'private.bank_rows': ['bank_reference', 'fingerprint', 'plain_fingerprint', 'batch_reference'],
	'private.watch_list_entries': ['name_key', 'name_skeletons', 'key_id'],
	'private.calendar_invitations': ['fingerprint'],
	'private.meeting_invitations': ['fingerprint'],
	'private.certificates': ['key_id'],
	'private.co_speaker_suggestions': ['key_id'],
	'private.cases': ['key_id'],
	'private.on_call_phones': ['key_id'],
	'private.concerns': ['key_id', 'note_key_id'],
	'private.concern_messages': ['key_id'],
	'private.country_regions': ['region'],
	'private.desk_monitors': ['identity'],
	'private.emergency_contacts': ['key_id'],
	'private.logistics_answers': ['key_id', 'object_name', 'value'],
	'private.survey_questions': ['depends_on'],
	'public.logistics_fields': ['depends_on'],
	'private.door_conflicts': ['subject'],
	'private.door_periods': ['place'],
	'private.door_scans': ['place', 'answer'],
	'private.egresses': ['egress_id', 'object_key'],
	'private.file_versions': ['object_name'],
	'private.focal_invitations': ['key_id'],
	'private.groups': ['code'],
	'private.group_pages': ['code'],
	'private.meetings': ['code', 'zone', 'link'],
	'private.meeting_polls': ['code', 'zone', 'link'],
	'private.meeting_papers': ['object_name', 'link'],
	'private.guardian_claims': ['reference'],
	'private.hall_devices': ['identity'],
	'private.imported_events': ['key'],
	'private.invitations': ['key_id'],
	'private.large_audiences': ['identity'],
	'private.member_import_rows': ['version'],
	'private.merged_members': ['code'],
	'private.group_message_recipients': ['locale'],
	'private.campaign_recipients': ['locale'],
	'private.outbox': ['key_id', 'template', 'locale', 'last_error', 'idempotency_key'],
	'private.person_addresses': ['key_id'],
	'private.person_keys': ['key'],
	'private.portraits': ['large_object', 'small_object'],
	'private.proposal_people': ['key_id'],
	'private.proposals': ['code'],
	'private.protections': ['key_id'],
	'private.provider_events': ['event_id', 'type', 'effect', 'subject'],
	'private.recorders': ['identity', 'held_by'],
	'private.recording_chunks': ['object_name'],
	'private.recording_copies': ['object_name', 'held_by'],
	'private.recording_language_chunks': ['object_name', 'language'],
	'private.recording_languages': ['object_name', 'whole_object_name', 'held_by'],
	'private.recording_voices': ['language'],
	'private.recording_trims': ['object_name', 'held_by'],
	'private.recordings': ['object_name'],
	'private.release_events': ['fingerprint'],
	'private.re_reviews': ['fields'],
	'private.role_invitations': ['key_id'],
	'private.role_proposals': ['key_id'],
	'private.run_halls': ['sends'],
	'private.run_participants': ['identity'],
	'private.run_sign_ins': ['identity'],
	'private.meeting_participants': ['identity', 'on_air'],
	'private.meeting_sign_ins': ['identity'],
	'private.meeting_livekit_rooms': ['name'],
	'private.livekit_rooms': ['name'],
	'private.sealed_presence': ['checkpoint', 'source'],
	'private.speaker_needs': ['key_id'],
	'private.speaker_reminders': ['task'],
	'private.stored_objects': ['media_type', 'scan_note'],
	'private.time_zones': ['name'],
	'private.visa_letters': ['reference', 'code', 'key_id'],
	'private.walk_in_forms': ['status'],
	'private.free_text_columns': ['table_name', 'column_name'],
	'public.badges': ['badge_code'],
	'private.check_acceptances': ['code'],
	'private.webhook_endpoints': ['key_id'],
	'private.draft_previews': ['role', 'language'],
	'public.check_settings': ['code'],
	'public.checkouts': ['session_id', 'payment_intent', 'url'],
	'public.invoices': ['reference'],
	'public.members': ['code'],
	'public.orders': ['reference'],
	'public.people': ['code', 'portrait_path'],
	'public.presence': ['checkpoint', 'source'],
	'public.refunds': ['failure', 'failed_refs'],
	'public.registrations': ['reference'],
	'public.release_sessions': ['format_slug', 'track_slug'],
	'public.sessions': ['code']
};

interface Column {
	table: string;
	name: string;
	type: string;
	checks: string[];
}

async function columns(): Promise<Column[]> {
	const { rows } = await db.owner.query<Column>(
		`select n.nspname || '.' || c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
			coalesce((select array_agg(pg_get_constraintdef(k.oid)) from pg_constraint as k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)), '{}') as checks
		from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname in ('public', 'private', 'audit')
			and format_type(a.atttypid, null) in ('text', 'text[]', 'character varying', 'text_map')
		order by 1, a.attnum`
	);
	return rows;
}

/**
 * A check that excludes a line break: the column has the single-line type, an enumerated value, or a pattern that
 * covers the whole value.
 */
const isClosed = ({ checks }: Column) =>
	checks.some((check) =>
		/(is|are)_(one_line|embed_origins?|stack_lines?)\(|is_interface_language\(|= ANY \(|<@ ARRAY|u0001|~ '\^[^']*\$'/.test(
			check
		)
	);

test('every text column is classified as single-line, multi-line or written by code', async () => {
	const all = await columns();
	const listed = (lists: Record<string, string[]>) =>
		new Set(Object.entries(lists).flatMap(([table, names]) => names.map((name) => `${table}.${name}`)));
	const known = new Set([...listed(paragraphs), ...listed(ownWords)]);
	const open = all.filter((column) => !isClosed(column)).map(({ table, name }) => `${table}.${name}`);
	expect(open.filter((name) => !known.has(name))).toEqual([]);
	const there = new Set(all.map(({ table, name }) => `${table}.${name}`));
	expect([...known].filter((name) => !there.has(name))).toEqual([]);
});

test.each([
	['one line', true],
	['Ünïcode, العربية, हिन्दी\u200d, ไทย, فارسی\u200cها', true],
	['with marks of one direction \u200e\u200f', true],
	['', true],
	['a line break\nBEGIN:VEVENT', false],
	['a return\rBEGIN:VEVENT', false],
	['a tab\t', false],
	['an escape\u001b[31m', false],
	['delete\u007f', false],
	['a next line\u0085', false],
	['a line separator\u2028', false],
	['a paragraph separator\u2029', false],
	['turned \u202egnp.exe', false],
	['isolated \u2066x\u2069', false]
])('%j is a single line: %s, alone, in a list and by language', async (text, expected) => {
	const { rows } = await db.owner.query(
		`select private.is_one_line($1) as alone, private.are_one_line(array['x', $1]) as listed,
			private.are_one_line(jsonb_build_object('original', 'en', 'en', $1::text)) as map,
			private.are_one_line(jsonb_build_array(jsonb_build_object('label', jsonb_build_object('fr', $1::text)))) as deep`,
		[text]
	);
	expect(rows).toEqual([{ alone: expected, listed: expected, map: expected, deep: expected }]);
});

test('writes that bypass the forms are refused with a status, and existing values stay unchanged', async () => {
	const world = await makeWorld(db.owner);
	const broken = { original: 'en', en: 'Opening\r\nEND:VEVENT\r\nBEGIN:VEVENT' };
	const call = async (sql: string, values: unknown[]) =>
		(await actAs<{ answer: { status?: string } | string }>(db.owner, world.people.programme, sql, values))[0]?.answer;
	const before = await db.owner.query('select title from public.sessions where summit_id = $1 order by id', [
		world.summit
	]);
	expect(
		await call('select public.save_session($1, null, $2) as answer', [world.summit, JSON.stringify({ title: broken })])
	).toMatchObject({ status: 'invalid' });
	await expect(
		db.owner.query('update public.sessions set title = $2 where summit_id = $1', [world.summit, broken])
	).rejects.toThrow('title_one_line');
	expect(
		(await db.owner.query('select title from public.sessions where summit_id = $1 order by id', [world.summit])).rows
	).toEqual(before.rows);
});
