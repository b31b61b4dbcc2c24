/* Entries of the audit as sentences. */
import { staffRoleWord } from '#lib/accounts/role-words.ts';
import { capitalised, joinFacts, joinList } from '#lib/i18n/list.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import { clockRange, day, dayAndClock, money, number, utcDate } from '#lib/i18n/time.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { columnWords } from '#lib/privacy/copy-words.ts';
import { categoryWord, modeWord } from '#lib/registration/words.ts';
import type { Actor, AuditEntry } from './history.ts';

type Noun = (values: { form: 'name' | 'one' | 'the' }) => string;

const nouns: Record<string, Noun> = {
	'public.registrations': m.audit_noun_registrations,
	'public.registration_needs': m.audit_noun_registration_needs,
	'public.people': m.audit_noun_people,
	'public.member_requests': m.audit_noun_member_requests,
	'public.consents': m.audit_noun_consents,
	'public.badges': m.audit_noun_badges,
	'public.seats': m.audit_noun_seats,
	'public.queue_entries': m.audit_noun_queue_entries,
	'public.nomination_refusals': m.audit_noun_nomination_refusals,
	'public.delegation_places': m.audit_noun_delegation_places,
	'private.guardian_claims': m.audit_noun_guardian_claims,
	'private.guardian_stage_agreements': m.audit_noun_guardian_stage_agreements,
	'private.decision_proposals': m.audit_noun_decision_proposals,
	'private.information_requests': m.audit_noun_information_requests,
	'private.registration_notes': m.audit_noun_registration_notes,
	'private.re_reviews': m.audit_noun_re_reviews,
	'public.members': m.audit_noun_members,
	'public.summit_members': m.audit_noun_summit_members,
	'public.focal_points': m.audit_noun_focal_points,
	'private.focal_invitations': m.audit_noun_focal_invitations,
	'private.invitations': m.audit_noun_invitations,
	'public.mode_capacities': m.audit_noun_mode_capacities,
	'public.allocation_policies': m.audit_noun_allocation_policies,
	'public.allocation_exceptions': m.audit_noun_allocation_exceptions,
	'public.seat_ceilings': m.audit_noun_seat_ceilings,
	'public.pools': m.audit_noun_pools,
	'public.orders': m.audit_noun_orders,
	'public.order_lines': m.audit_noun_order_lines,
	'public.order_adjustments': m.audit_noun_order_adjustments,
	'public.checkouts': m.audit_noun_checkouts,
	'public.refunds': m.audit_noun_refunds,
	'public.invoices': m.audit_noun_invoices,
	'public.waiver_requests': m.audit_noun_waiver_requests,
	'private.bank_rows': m.audit_noun_bank_rows,
	'public.fees': m.audit_noun_fees,
	'public.money_settings': m.audit_noun_money_settings,
	'public.vat_rates': m.audit_noun_vat_rates,
	'public.account_codes': m.audit_noun_account_codes,
	'public.journal_periods': m.audit_noun_journal_periods,
	'public.waiver_budgets': m.audit_noun_waiver_budgets,
	'private.protections': m.audit_noun_protections,
	'public.logistics_fields': m.audit_noun_logistics_fields,
	'private.needs': m.audit_noun_needs,
	'public.visa_letter_settings': m.audit_noun_visa_letter_settings,
	'private.visa_letters': m.audit_noun_visa_letters,
	'private.host_lists': m.audit_noun_host_lists,
	'private.entry_bars': m.audit_noun_entry_bars,
	'private.retention_periods': m.audit_noun_retention_periods,
	'private.legal_holds': m.audit_noun_legal_holds,
	'private.watch_list_entries': m.audit_noun_watch_list_entries,
	'private.watch_list_matches': m.audit_noun_watch_list_matches,
	'private.calls': m.audit_noun_calls,
	'private.call_questions': m.audit_noun_call_questions,
	'private.late_links': m.audit_noun_late_links,
	'private.proposals': m.audit_noun_proposals,
	'private.side_events': m.audit_noun_side_events,
	'private.proposal_people': m.audit_noun_proposal_people,
	'private.proposal_decisions': m.audit_noun_proposal_decisions,
	'private.reviewers': m.audit_noun_reviewers,
	'private.review_criteria': m.audit_noun_review_criteria,
	'private.review_conflicts': m.audit_noun_review_conflicts,
	'private.reviews': m.audit_noun_reviews,
	'public.runs': m.audit_noun_runs,
	'private.run_stage_settings': m.audit_noun_run_stage_settings,
	'private.run_participants': m.audit_noun_run_participants,
	'private.run_hosts': m.audit_noun_run_hosts,
	'private.stage_announcements': m.audit_noun_stage_announcements,
	'private.session_timers': m.audit_noun_session_timers,
	'private.no_photo_areas': m.audit_noun_no_photo_areas,
	'private.check_acceptances': m.audit_noun_check_acceptances,
	'private.draft_previews': m.audit_noun_draft_previews,
	'private.webhook_endpoints': m.audit_noun_webhook_endpoints,
	'private.recordings': m.audit_noun_recordings,
	'public.summits': m.audit_noun_summits,
	'public.role_grants': m.audit_noun_role_grants,
	'private.role_proposals': m.audit_noun_role_proposals,
	'private.passkeys': m.audit_noun_passkeys,
	'private.api_keys': m.audit_noun_api_keys,
	'private.recovery_codes': m.audit_noun_recovery_codes,
	'private.concern_deputies': m.audit_noun_concern_deputies,
	'public.sessions': m.audit_noun_sessions,
	'public.session_people': m.audit_noun_session_people,
	'private.session_groups': m.audit_noun_session_groups,
	'public.slots': m.audit_noun_slots,
	'public.slot_rooms': m.audit_noun_slot_rooms,
	'public.releases': m.audit_noun_releases,
	'public.rooms': m.audit_noun_rooms,
	'public.room_equipment': m.audit_noun_room_equipment,
	'public.session_needs': m.audit_noun_session_needs,
	'public.person_availabilities': m.audit_noun_person_availabilities,
	'public.interpreter_languages': m.audit_noun_interpreter_languages,
	'private.speaker_settings': m.audit_noun_speaker_settings,
	'private.text_suggestions': m.audit_noun_text_suggestions,
	'private.co_speaker_suggestions': m.audit_noun_co_speaker_suggestions,
	'public.check_settings': m.audit_noun_check_settings,
	'public.check_limits': m.audit_noun_check_limits,
	'public.tracks': m.audit_noun_tracks,
	'public.formats': m.audit_noun_formats,
	'public.summit_texts': m.audit_noun_summit_texts,
	'private.pages': m.audit_noun_pages,
	'private.page_versions': m.audit_noun_page_versions,
	'private.page_files': m.audit_noun_page_files,
	'public.summit_contacts': m.audit_noun_summit_contacts,
	'public.consent_items': m.audit_noun_consent_items,
	'public.figure_settings': m.audit_noun_figure_settings,
	'public.figure_releases': m.audit_noun_figure_releases,
	'public.group_messages': m.audit_noun_group_messages,
	'public.mail_settings': m.audit_noun_mail_settings,
	'public.mail_texts': m.audit_noun_mail_texts,
	'public.accreditation_settings': m.audit_noun_accreditation_settings,
	'private.door_devices': m.audit_noun_door_devices,
	'public.checkpoints': m.audit_noun_checkpoints,
	'private.door_conflicts': m.audit_noun_door_conflicts,
	'private.announcements': m.audit_noun_announcements
};

const events: Record<string, () => string> = {
	'payments.mismatch': m.audit_event_payments_mismatch,
	'payments.statement_imported': m.audit_event_payments_statement_imported,
	'payments.exported': m.audit_event_payments_exported,
	'names.overridden': m.audit_event_names_overridden,
	'details.saved': m.audit_event_details_saved,
	'details.erased': m.audit_event_details_erased,
	'details.read': m.audit_event_details_read,
	'name.revealed': m.audit_event_name_revealed,
	'emergency_contact.read': m.audit_event_emergency_contact_read,
	'needs.saved': m.audit_event_needs_saved,
	'access_needs.read': m.audit_event_access_needs_read,
	'needs.read': m.audit_event_needs_read,
	'need.read': m.audit_event_need_read,
	'questions.hidden': m.audit_event_questions_hidden,
	'questions.shown': m.audit_event_questions_shown,
	'speakers.reminded': m.audit_event_speakers_reminded,
	'transcript.line_removed': m.audit_event_transcript_line_removed,
	'host_list.taken': m.audit_event_host_list_taken,
	'barred.read': m.audit_event_barred_read,
	'protected.read': m.audit_event_protected_read,
	'sealed_lookups.read': m.audit_event_sealed_lookups_read,
	'alias_traces.read': m.audit_event_alias_traces_read,
	'registrations.exported': m.audit_event_registrations_exported,
	'members.imported': m.audit_event_members_imported,
	'registrations.imported': m.audit_event_registrations_imported,
	'proposals.imported': m.audit_event_proposals_imported,
	'members.exported': m.audit_event_members_exported,
	'queue.exported': m.audit_event_queue_exported,
	'draft_preview.read': m.audit_event_draft_preview_read,
	'webhooks.replayed': m.audit_event_webhooks_replayed,
	'webhooks.tested': m.audit_event_webhooks_tested,
	'seats.exported': m.audit_event_seats_exported,
	'passkeys.reset': m.audit_event_passkeys_reset,
	'api_keys.read': m.audit_event_api_keys_read,
	'audit.opened': m.audit_event_audit_opened,
	'audit.exported': m.audit_event_audit_exported,
	'door.undone': m.audit_event_door_undone,
	'door.synced': m.audit_event_door_synced,
	'door.inside': m.audit_event_door_inside,
	'door.searched': m.audit_event_door_searched
};

const labels: Record<string, () => string> = {
	member_id: m.audit_field_member_id,
	payer_member_id: m.audit_field_payer_member_id,
	pool_id: m.audit_field_pool_id,
	item_id: m.audit_field_item_id,
	code_of_conduct_at: m.audit_field_code_of_conduct_at,
	is_minor: m.audit_field_is_minor,
	guardian_id: m.audit_field_guardian_id,
	guardian_consent_at: m.audit_field_guardian_consent_at,
	display_name: m.audit_field_display_name,
	portrait_path: m.audit_field_portrait_path,
	is_head: m.audit_field_is_head,
	until: m.audit_field_until,
	address_mask: m.audit_field_address_mask,
	reference: m.audit_field_reference,
	address_hash: m.audit_field_address_hash,
	real_name_sealed: m.audit_field_real_name_sealed,
	session_id: m.audit_field_session_id,
	group_id: m.audit_field_group_id,
	sealed: m.audit_field_sealed,
	scope: m.audit_field_scopes,
	scopes: m.audit_field_scopes,
	second_person_for: m.audit_field_second_person_for,
	second_person_decisions: m.audit_field_second_person_decisions,
	pauses_rights: m.audit_field_pauses_rights,
	aim_days: m.audit_field_aim_days,
	is_required: m.audit_field_is_required,
	iban: m.audit_field_iban,
	bic: m.audit_field_bic,
	about: m.audit_field_about,
	is_same: m.audit_field_is_same,
	is_on_stage: m.audit_field_is_on_stage,
	may_microphone: m.audit_field_may_microphone,
	may_camera: m.audit_field_may_camera,
	may_screen: m.audit_field_may_screen,
	is_kept_off: m.audit_field_is_kept_off,
	is_promoted: m.audit_field_is_promoted,
	on_stage: m.audit_field_on_stage,
	forbids_photographs: m.audit_field_forbids_photographs,
	withdrawn_by_guardian_at: m.audit_field_withdrawn_by_guardian_at,
	is_quiet_room: m.audit_field_is_quiet_room,
	directions: m.audit_field_directions,
	recorded: m.audit_field_recorded,
	entry_lock: m.audit_field_entry_lock,
	room_id: m.audit_field_room_id,
	track_id: m.audit_field_track_id,
	format_id: m.audit_field_format_id,
	during: m.audit_field_during,
	block_reason: m.audit_field_block_reason,
	number: m.audit_field_number,
	is_live_change: m.audit_field_is_live_change,
	interpreted: m.audit_field_interpreted,
	is_recorded: m.audit_field_is_recorded,
	stage_format: m.audit_field_stage_format,
	is_break: m.audit_field_is_break,
	is_countdown_stopped: m.audit_field_is_countdown_stopped,
	starts_automatically: m.audit_field_starts_automatically,
	auto_end_minutes: m.audit_field_auto_end_minutes,
	added: m.audit_field_added,
	attempts: m.audit_field_attempts,
	audience: m.audit_field_audience,
	bank_name: m.audit_field_bank_name,
	barred_at: m.audit_field_barred_at,
	both_ways: m.audit_field_both_ways,
	by_mail: m.audit_field_by_mail,
	by_push: m.audit_field_by_push,
	capacity: m.audit_field_capacity,
	categories: m.audit_field_categories,
	ceiling: m.audit_field_ceiling,
	changed: m.audit_field_changed,
	checked_fields: m.audit_field_checked_fields,
	checkpoint: m.audit_field_checkpoint,
	checkpoint_id: m.audit_field_checkpoint_id,
	city: m.audit_field_city,
	class: m.audit_field_class,
	closes_at: m.audit_field_closes_at,
	days: m.audit_field_days,
	decision: m.audit_field_decision,
	detail: m.audit_field_detail,
	device_revoked_at: m.audit_field_device_revoked_at,
	effective_at: m.audit_field_effective_at,
	ends_on: m.audit_field_ends_on,
	entry: m.audit_field_entry,
	erase_days: m.audit_field_erase_days,
	failure: m.audit_field_failure,
	field: m.audit_field_field,
	fields: m.audit_field_fields,
	filters: m.audit_field_filters,
	for_host: m.audit_field_for_host,
	for_safeguarding: m.audit_field_for_safeguarding,
	grace_days: m.audit_field_grace_days,
	has_no_fees: m.audit_field_has_no_fees,
	help: m.audit_field_help,
	hint: m.audit_field_hint,
	hours: m.audit_field_hours,
	in_person_ceiling: m.audit_field_in_person_ceiling,
	invoice_note: m.audit_field_invoice_note,
	invoice_prefix: m.audit_field_invoice_prefix,
	is_deputy: m.audit_field_is_deputy,
	is_identity: m.audit_field_is_identity,
	form: m.audit_field_form,
	sectors: m.audit_field_sectors,
	depends_on: m.audit_field_depends_on,
	depends_values: m.audit_field_depends_values,
	is_sealed: m.audit_field_is_sealed,
	in_mail: m.audit_field_in_mail,
	on_badge: m.audit_field_on_badge,
	team: m.audit_field_team,
	need_values: m.audit_field_need_values,
	is_self_confirmed: m.audit_field_is_self_confirmed,
	is_urgent: m.audit_field_is_urgent,
	is_without_lead: m.audit_field_is_without_lead,
	issuer_address: m.audit_field_issuer_address,
	issuer_name: m.audit_field_issuer_name,
	issuer_tax_number: m.audit_field_issuer_tax_number,
	joined: m.audit_field_joined,
	key: m.audit_field_key,
	label: m.audit_field_label,
	locale: m.audit_field_locale,
	logistics_due_at: m.audit_field_logistics_due_at,
	mail: m.audit_field_mail,
	minutes: m.audit_field_minutes,
	modes: m.audit_field_modes,
	names_freeze_at: m.audit_field_names_freeze_at,
	nominations_close_at: m.audit_field_nominations_close_at,
	offer_hours: m.audit_field_offer_hours,
	opened_at: m.audit_field_opened_at,
	opens_at: m.audit_field_opens_at,
	outside_capacity: m.audit_field_outside_capacity,
	page: m.audit_field_page,
	payment_days: m.audit_field_payment_days,
	per_minute: m.audit_field_per_minute,
	prefix: m.audit_field_prefix,
	published_at: m.audit_field_published_at,
	purpose: m.audit_field_purpose,
	recipient: m.audit_field_recipient,
	refund_percent: m.audit_field_refund_percent,
	refund_until: m.audit_field_refund_until,
	refused: m.audit_field_refused,
	region: m.audit_field_region,
	registration_closes_at: m.audit_field_registration_closes_at,
	registration_opens_at: m.audit_field_registration_opens_at,
	reserved_until: m.audit_field_reserved_until,
	resolved_at: m.audit_field_resolved_at,
	retired_at: m.audit_field_retired_at,
	review_days: m.audit_field_review_days,
	rows: m.audit_field_rows,
	scans: m.audit_field_scans,
	shown_until: m.audit_field_shown_until,
	signatory_name: m.audit_field_signatory_name,
	signatory_office: m.audit_field_signatory_office,
	slug: m.audit_field_slug,
	smallest_group: m.audit_field_smallest_group,
	standing: m.audit_field_standing,
	started_at: m.audit_field_started_at,
	starts_at: m.audit_field_starts_at,
	starts_on: m.audit_field_starts_on,
	summary: m.audit_field_summary,
	taken_at: m.audit_field_taken_at,
	telephone: m.audit_field_telephone,
	terms_days: m.audit_field_terms_days,
	total: m.audit_field_total,
	transfer_allowed: m.audit_field_transfer_allowed,
	valid_from: m.audit_field_valid_from,
	valid_until: m.audit_field_valid_until,
	venue_name: m.audit_field_venue_name,
	version: m.audit_field_version,
	virtual_ceiling: m.audit_field_virtual_ceiling,
	visible_to: m.audit_field_visible_to,
	website: m.audit_field_website,
	withheld: m.audit_field_withheld,
	held_until: m.audit_field_held_until,
	due_at: m.audit_field_due_at
};

const codes: Record<string, () => string> = {
	draft: m.audit_code_draft,
	submitted: m.audit_code_submitted,
	nominated: m.audit_code_nominated,
	accredited: m.audit_code_accredited,
	awaiting_payment: m.audit_code_awaiting_payment,
	confirmed: m.audit_code_confirmed,
	declined: m.audit_code_declined,
	withdrawn: m.audit_code_withdrawn,
	expired: m.audit_code_expired,
	held: m.audit_code_held,
	taken: m.audit_code_taken,
	released: m.audit_code_released,
	waiting: m.audit_code_waiting,
	queued: m.audit_code_queued,
	offered: m.audit_code_offered,
	open: m.audit_code_open,
	closed: m.audit_code_closed,
	live: m.audit_code_live,
	archived: m.audit_code_archived,
	proposed: m.audit_code_proposed,
	active: m.audit_code_active,
	refused: m.audit_code_refused,
	ended: m.audit_code_ended,
	asked: m.audit_code_asked,
	answered: m.audit_code_answered,
	accepted: m.audit_code_accepted,
	approved: m.audit_code_approved,
	cancelled: m.audit_code_cancelled,
	invited: m.audit_code_invited,
	pending: m.audit_code_pending,
	failed: m.audit_code_failed,
	succeeded: m.audit_code_succeeded,
	paid: m.audit_code_paid,
	matched: m.audit_code_matched,
	ignored: m.audit_code_ignored,
	revoked: m.audit_code_revoked,
	used: m.audit_code_used,
	public: m.audit_code_public,
	members: m.audit_code_members,
	chatham_house: m.audit_code_chatham_house,
	everyone: m.audit_code_everyone,
	hall: m.audit_code_hall,
	online: m.audit_code_online,
	hall_and_online: m.audit_code_hall_and_online,
	lost: m.audit_code_lost,
	transferred: m.audit_code_transferred,
	allocation: m.audit_code_allocation,
	capacity: m.audit_code_capacity,
	two_doors: m.audit_code_two_doors,
	barred: m.audit_code_barred,
	not_entitled: m.audit_code_not_entitled,
	over_capacity: m.audit_code_over_capacity,
	wrong_clock: m.audit_code_wrong_clock,
	shut_out: m.audit_code_shut_out,
	unknown_badge: m.audit_code_unknown_badge,
	entrance: m.audit_code_entrance,
	room: m.audit_code_room,
	session: m.audit_code_session,
	meal: m.audit_code_meal,
	other: m.audit_code_other
};

/** The noun of a table, or the act of an event, as in a list; its own name where there is none. */
export function tableWord(table: string): string {
	return nouns[table]?.({ form: 'name' }) ?? capitalised(events[table]?.() ?? plainName(table));
}

const plainName = (name: string) => name.replace(/^.*\./, '').replaceAll('_', ' ');

/** A column in words: "state" → "State". */
export function fieldWord(name: string): string {
	return labels[name]?.() ?? columnWords[name]?.() ?? capitalised(plainName(name.replace(/_at$/, '')));
}

/** The actor, at the start of a sentence. */
export function actorWord(actor: Actor): string {
	if (actor.kind === 'system') return m.audit_actor_system();
	if (actor.kind === 'guardian') return m.audit_actor_guardian();
	return actor.kind === 'self' ? m.audit_actor_self() : actor.name || m.audit_actor_gone();
}

/** What was done, after the actor: "changed the registration". */
export function actWords({ action, table }: Pick<AuditEntry, 'action' | 'table'>): string {
	if (action === 'event') return events[table]?.() ?? m.audit_act_event({ what: plainName(table) });
	const noun = nouns[table] ?? (() => plainName(table));
	if (action === 'insert') return m.audit_act_insert({ what: noun({ form: 'one' }) });
	const what = noun({ form: 'the' });
	return action === 'update' ? m.audit_act_update({ what }) : m.audit_act_delete({ what });
}

const languageLists = new Set(['languages', 'spoken', 'interpreted']);
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** A value for readers; '' where there was none. Instants in `zone`. */
export function valueWords(
	{ currency }: Pick<AuditEntry, 'currency'>,
	name: string,
	value: unknown,
	zone: string
): string {
	if (value === null || value === undefined || value === '') return '';
	if (typeof value === 'boolean') return value ? m.audit_yes() : m.audit_no();
	if (typeof value === 'number') return name === 'amount' && currency ? money(value, currency) : number(value);
	if (name === 'during' && Array.isArray(value)) {
		const [start, end] = value.map(String);
		return joinFacts([day(start ?? '', zone), clockRange(start ?? '', end ?? '', zone)]);
	}
	if (Array.isArray(value))
		return joinList(value.map((each) => (languageLists.has(name) ? languageName(String(each)) : String(each))));
	if (name === 'filters')
		return joinFacts(
			Object.entries(value).map(([filter, chosen]) => (chosen === true ? filter : `${filter} ${String(chosen)}`))
		);
	if (typeof value === 'object') return text(value as TextMap).text;
	const plain = String(value);
	if (instant.test(plain)) return dayAndClock(plain, zone);
	if (/^\d{4}-\d{2}-\d{2}$/.test(plain)) return utcDate(plain);
	return codeWords(name, plain);
}

/** The fields of an entry that say something: of an added or removed row, those that are set. */
export function saidFields({ action, fields }: Pick<AuditEntry, 'action' | 'fields'>): AuditEntry['fields'] {
	if (action !== 'insert' && action !== 'delete') return fields;
	const isSet = (value: unknown) =>
		value !== false &&
		(typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : (value ?? '') !== '');
	return fields.filter((field) => isSet(field.old) || isSet(field.new));
}

// Roles on a stage that nobody holds elsewhere.
const stageOnlyRoles: Record<string, () => string> = {
	host: m.stage_role_host,
	manager: m.stage_role_manager,
	viewer: m.audit_role_viewer
};

// Codes of the database, in the words of the pages.
function codeWords(name: string, code: string): string {
	if (name === 'mode' && (code === 'in_person' || code === 'virtual')) return modeWord(code);
	if (name === 'stage_format') return code === 'meeting' ? m.agenda_room_workshop() : m.agenda_room_stage();
	if (name === 'sector') return sectorName(code) || code;
	if (name === 'category') return categoryWord(code);
	if (name === 'language') return languageName(code);
	if (name === 'role') return stageOnlyRoles[code]?.() ?? staffRoleWord(code);
	if (name === 'about') return tableWord(code);
	if (name === 'country' && /^[A-Z]{2}$/.test(code)) return countryName(code);
	return [
		'state',
		'audience',
		'attendance',
		'level',
		'layout',
		'kind',
		'reason',
		'release_reason',
		'revoked_reason',
		'standing',
		'grounds'
	].includes(name)
		? (codes[code]?.() ?? code.replaceAll('_', ' '))
		: code;
}
