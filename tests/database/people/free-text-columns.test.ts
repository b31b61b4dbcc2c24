/* Where others may write somebody's name: compares the list of columns that a late alias rewrites with the schema. */
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

/**
 * Columns outside the list: names of things, codes, values written by machines or banks, people's own display records,
 * names typed for an invitation and read only there, and what can be undone, which is deleted when a name is rewritten.
 */
const notWrittenOfPeople = `
	private.address_changes: key_id
	private.alias_traces: facts
	private.announcement_readers: locale
	private.announcements: counts
	private.api_answers: answer
	private.assistant_addresses: key_id
	private.assistant_invitations: key_id
	private.audited_tables: name named opened shown
	private.auth_session_devices: device
	private.bank_rows: bank_reference batch_reference fingerprint note plain_fingerprint statement words
	private.begun_deletions: class
	private.calendar_invitations: fingerprint
	private.call_questions: choices help label
	private.campaign_recipients: locale
	private.campaigns: segment
	private.caption_lines: key
	private.cases: key_id
	private.certificates: key_id
	private.check_acceptances: code
	private.co_speaker_suggestions: key_id
	private.commitment_files: object_name
	private.commitment_links: hint
	private.commitment_settings: embed_origins
	private.commitment_terms: word
	private.commitment_themes: name
	private.commitment_versions: countries unit
	private.commitments: code
	private.concern_messages: key_id
	private.concerns: key_id note_key_id subject
	private.copied_tables: columns name owner_column sealed
	private.country_regions: region
	private.decision_batches: answers
	private.deleted_captions: key
	private.desk_monitors: identity
	private.door_conflicts: subject
	private.door_device_states: version
	private.door_devices: name
	private.door_periods: place
	private.door_scans: answer place
	private.draft_previews: name
	private.egresses: egress_id object_key
	private.embed_origins: origin
	private.emergency_contacts: key_id
	private.faults: stack
	private.file_versions: object_name
	private.focal_invitations: hint key_id
	private.free_text_columns: column_name table_name
	private.group_invitations: display_name
	private.group_message_recipients: locale
	private.group_pages: code
	private.groups: code
	private.guardian_claims: reference
	private.hall_devices: identity
	private.host_lists: purpose recipient
	private.impact_drafts: targets
	private.impact_releases: targets
	private.imported_events: code guid key number source
	private.imported_proposals: reference source
	private.imported_registrations: paid reference source
	private.imports: mapping
	private.invitations: key_id
	private.invoice_contents: content
	private.large_audiences: identity
	private.legal_holds: class
	private.library_facets: languages needs
	private.library_file_characters: characters language
	private.library_file_words: language needs
	private.library_files: object_name
	private.library_items: code
	private.library_publications: languages needs
	private.list_views: name
	private.livekit_rooms: name
	private.logistics_answers: key_id object_name value
	private.meeting_invitations: fingerprint
	private.meeting_livekit_rooms: name
	private.meeting_papers: object_name
	private.meeting_participants: identity on_air sid
	private.meeting_polls: code zone
	private.meeting_sign_ins: identity
	private.meetings: code zone
	private.member_import_rows: changes fault fields focal member_name version
	private.member_imports: choices file result
	private.merged_members: code name
	private.name_reveals: key_id
	private.not_copied_tables: name
	private.on_call_phones: key_id
	private.outbox: idempotency_key key_id last_error locale params template
	private.page_files: object_name
	private.passkeys: name transports
	private.person_addresses: key_id
	private.person_keys: key
	private.personal_links: scope
	private.portraits: large_object small_object
	private.proposal_people: key_id
	private.proposals: code spoken
	private.protections: key_id
	private.provider_events: effect event_id object subject type
	private.push_subscriptions: auth p256dh
	private.re_reviews: fields
	private.reading_events: name
	private.reconciliations: faults
	private.recorders: held_by identity
	private.recording_chunks: object_name
	private.recording_copies: held_by object_name
	private.recording_language_chunks: language object_name
	private.recording_languages: held_by object_name whole_object_name
	private.recording_trims: held_by object_name
	private.recording_voices: language
	private.recordings: object_name
	private.release_events: fingerprint
	private.reporting_duties: address authority categories note
	private.retained_tables: name
	private.retention_classes: functions
	private.retention_periods: class
	private.retention_reports: class fault table_name
	private.retention_rules: class only_if or_if people remover sets since summit table_name
	private.review_criteria: help name
	private.reviewer_invitations: display_name
	private.reviews: scores
	private.role_invitations: display_name key_id
	private.role_proposals: display_name key_id
	private.room_screens: name
	private.run_connections: sid
	private.run_halls: sends sid
	private.run_listeners: language
	private.run_participants: identity
	private.run_sign_ins: identity
	private.sample_people: description
	private.sealed_presence: checkpoint source
	private.search_terms: needs words
	private.search_words: needs word
	private.session_terms: word
	private.side_events: languages
	private.speaker_needs: key_id
	private.speaker_reminders: task
	private.status_notices: parts
	private.stored_objects: media_type scan_note
	private.survey_answers: answers
	private.survey_questions: depends_on depends_values help label
	private.surveys: intro title
	private.time_zones: name
	private.undoable_acts: changes subject
	private.visa_letters: code key_id reference
	private.walk_in_forms: status
	private.watch_list_entries: key_id name_key name_skeletons
	private.webhook_attempts: excerpt
	private.webhook_endpoints: key_id url
	private.webhook_events: data
	private.writable_after_closing: reason table_name
	public.accreditation_settings: checked_fields second_person_decisions
	public.badge_prints: layout
	public.badges: badge_code revoked_reason
	public.certificate_settings: issuer_name signatory_name signatory_office statement
	public.check_settings: code
	public.checkouts: payment_intent session_id url
	public.checkpoints: name place
	public.consent_items: detail label
	public.consents: agreed_detail agreed_label
	public.formats: name
	public.group_messages: filters
	public.invoices: reference
	public.logistics_fields: choices depends_on depends_values help label need_values purpose
	public.member_requests: name
	public.members: code name region
	public.money_settings: bank_name iban invoice_note issuer_address issuer_name issuer_registration issuer_tax_number
	public.order_adjustments: provider_ref reason
	public.orders: reference
	public.people: affiliation code display_name links office portrait_path
	public.person_availabilities: zone
	public.person_preferences: time_zone
	public.pools: name
	public.presence: checkpoint source
	public.refunds: failed_refs failure provider_ref reason
	public.registrations: languages reference
	public.release_sessions: format format_slug interpreted spoken track track_slug
	public.room_equipment: building equipment floor
	public.rooms: directions hours name
	public.seat_ceilings: region
	public.seats: release_reason
	public.session_needs: equipment
	public.sessions: code interpreted spoken
	public.slots: block_reason
	public.summit_contacts: hours telephone
	public.summit_members: region
	public.summits: address city languages name venue_name zone
	public.tracks: name
	public.visa_letter_settings: issuer_address issuer_name signatory_name signatory_office
`
	.trim()
	.split('\n')
	.map((line) => line.trim());

test('every free-text column is searched for the name, or is listed here as an exception', async () => {
	const { rows } = await db.owner.query<{ place: string }>(
		`select n.nspname || '.' || c.relname || ': ' || string_agg(a.attname, ' ' order by a.attname) as place
		from pg_attribute as a join pg_class as c on c.oid = a.attrelid and c.relkind = 'r' join pg_namespace as n on n.oid = c.relnamespace
		join pg_type as t on t.oid = a.atttypid
		where n.nspname in ('public', 'private') and a.attnum > 0 and not a.attisdropped and (t.typname in ('text', '_text', 'jsonb') or t.typbasetype = 'jsonb'::regtype)
			and not exists (select from private.free_text_columns as w where w.table_name = n.nspname || '.' || c.relname and w.column_name = a.attname)
			-- A word of a list, a code, a key.
			and not exists (select from pg_constraint as k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey) and pg_get_constraintdef(k.oid) ~ '(ANY \\(|~ |is_interface_language\\()')
		group by n.nspname, c.relname order by 1`
	);
	expect(rows.map(({ place }) => place)).toEqual(notWrittenOfPeople);
	const missing = await db.owner.query(
		`select from private.free_text_columns as w where not exists (select from pg_attribute as a where a.attrelid = to_regclass(w.table_name) and a.attname = w.column_name)`
	);
	expect(missing.rows).toEqual([]);
});
