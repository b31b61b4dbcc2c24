/* Entries of the audit as sentences. Organisers read English. */
import { staffRoleWord } from '#lib/accounts/role-words.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { languageName } from '#lib/i18n/names.ts';
import { clockRange, day, dayAndClock, money, number } from '#lib/i18n/time.ts';
import { sectorName } from '#lib/members/member.ts';
import { categoryWord, modeWord } from '#lib/registration/words.ts';
import type { Actor, AuditEntry } from './history.ts';

const nouns: Record<string, string> = {
	'public.registrations': 'registration',
	'public.registration_needs': 'needs and note',
	'public.people': 'personal record',
	'public.member_requests': 'request for a member that was not listed',
	'public.consents': 'consent',
	'public.badges': 'badge',
	'public.seats': 'seat',
	'public.queue_entries': 'place in the queue',
	'public.nomination_refusals': 'refusal to nominate',
	'public.delegation_places': 'place in the delegation',
	'private.guardian_claims': 'guardian who was named',
	'private.guardian_stage_agreements': 'guardian’s word on the stage',
	'private.decision_proposals': 'proposal of a decision',
	'private.information_requests': 'question to the person',
	'private.registration_notes': 'note',
	'private.re_reviews': 'change after accreditation',
	'public.members': 'member',
	'public.summit_members': 'standing at this Summit',
	'public.focal_points': 'focal point',
	'private.invitations': 'invitation',
	'public.mode_capacities': 'capacity',
	'public.allocation_policies': 'entitlement of a sector',
	'public.allocation_exceptions': 'exception for a member',
	'public.seat_ceilings': 'ceiling for balance',
	'public.pools': 'pool of seats',
	'public.orders': 'order',
	'public.order_lines': 'line of the order',
	'public.order_adjustments': 'entry in the ledger',
	'public.checkouts': 'payment by card',
	'public.refunds': 'refund',
	'public.invoices': 'invoice or credit note',
	'public.waiver_requests': 'request for a waiver',
	'private.bank_rows': 'row of a bank statement',
	'public.fees': 'fee',
	'public.money_settings': 'invoice details',
	'public.waiver_budgets': 'budget for waivers',
	'private.protections': 'protection',
	'public.logistics_fields': 'question of the logistics form',
	'public.visa_letter_settings': 'letterhead',
	'private.visa_letters': 'visa letter',
	'private.host_lists': 'list for the host state',
	'private.entry_bars': 'bar to entering',
	'private.retention_periods': 'period of data retention',
	'private.legal_holds': 'legal hold',
	'private.watch_list_entries': 'entry on the list of who is not let in',
	'private.watch_list_matches': 'person whom the list may mean',
	'private.calls': 'call for proposals',
	'private.call_questions': 'question of the call',
	'private.late_links': 'way in after the close',
	'private.proposals': 'proposal',
	'private.proposal_people': 'person of a proposal',
	'private.proposal_decisions': 'decision on a proposal',
	'private.reviewers': 'reviewer',
	'private.review_criteria': 'criterion of reviews',
	'private.review_conflicts': 'conflict of interest',
	'private.reviews': 'review',
	'public.runs': 'stage of a session',
	'private.run_stage_settings': 'way a stage is shown',
	'private.run_participants': 'place on stage',
	'private.run_hosts': 'host of a session',
	'private.session_timers': 'clock of a session',
	'private.no_photo_areas': 'area that no camera shows',
	'private.check_acceptances': 'acceptance of a finding',
	'private.draft_previews': 'link to a preview of the agenda',
	'private.recordings': 'recording',
	'public.summits': 'Summit',
	'public.role_grants': 'role',
	'private.role_proposals': 'proposal of a role',
	'private.passkeys': 'passkey',
	'private.recovery_codes': 'recovery code',
	'private.concern_deputies': 'deputy for safeguarding',
	'public.sessions': 'session',
	'public.session_people': 'part in a session',
	'public.slots': 'time in the agenda',
	'public.slot_rooms': 'room in the agenda',
	'public.releases': 'release of the agenda',
	'public.rooms': 'room',
	'public.room_equipment': 'what a room has',
	'public.session_needs': 'what a session needs of its room',
	'public.person_availabilities': 'when somebody can',
	'public.interpreter_languages': 'languages of an interpreter',
	'private.speaker_settings': 'deadlines of speakers',
	'private.text_suggestions': 'suggested text of a session',
	'private.co_speaker_suggestions': 'suggested speaker',
	'public.check_settings': 'how grave a check is',
	'public.check_limits': 'what the checks measure by',
	'public.tracks': 'track',
	'public.formats': 'format',
	'public.summit_texts': 'text of the site',
	'public.summit_contacts': 'contact',
	'public.consent_items': 'question of consent',
	'public.figure_settings': 'size of groups in released figures',
	'public.figure_releases': 'release of figures',
	'public.group_messages': 'message to a group',
	'public.mail_settings': 'pace of messages',
	'public.mail_texts': 'text of a mail',
	'public.accreditation_settings': 'rules of accreditation'
};

const events: Record<string, string> = {
	'payments.mismatch': 'received a payment of another amount than was asked',
	'payments.statement_imported': 'imported a bank statement',
	'payments.exported': 'exported figures of money',
	'names.overridden': 'changed a name after the lists were sent',
	'details.saved': 'answered questions of the logistics form',
	'details.erased': 'erased answers that no longer apply',
	'details.read': 'read answers to the logistics form',
	'name.revealed': 'opened a real name',
	'emergency_contact.read': 'opened an emergency contact',
	'needs.saved': 'saved the needs of a speaker',
	'access_needs.read': 'read what a person needs',
	'needs.read': 'read what a speaker needs',
	'questions.hidden': 'kept a question off',
	'questions.shown': 'let a question be read again',
	'speakers.reminded': 'reminded speakers',
	'host_list.taken': 'took the list for the host state',
	'barred.read': 'read the list of who is not let in',
	'sealed_lookups.read': 'read which protected people’s addresses were typed at the desk',
	'alias_traces.read': 'read where former names remain',
	'registrations.exported': 'exported registrations',
	'members.imported': 'imported a file of members',
	'members.exported': 'exported the members',
	'queue.exported': 'exported the queue',
	'draft_preview.read': 'opened a preview of the agenda',
	'seats.exported': 'exported the seats of each member',
	'passkeys.reset': 'reset the passkeys of a person',
	'audit.opened': 'opened a personal value in the history',
	'audit.exported': 'exported the history'
};

const labels: Record<string, string> = {
	member_id: 'Member',
	payer_member_id: 'Paid by',
	pool_id: 'Pool',
	item_id: 'Question',
	code_of_conduct_at: 'Code of conduct agreed to',
	is_minor: 'Under 18',
	guardian_id: 'Guardian',
	guardian_consent_at: 'Guardian’s consent',
	display_name: 'Name',
	portrait_path: 'Portrait',
	is_head: 'Head of delegation',
	until: 'Ends',
	address_mask: 'Address',
	reference: 'Reference',
	address_hash: 'Address',
	real_name_sealed: 'Real name',
	session_id: 'Session',
	sealed: 'Text',
	second_person_for: 'Two people decide on',
	second_person_decisions: 'Two people decide to',
	pauses_rights: 'Door and stage wait',
	aim_days: 'Days to decide',
	is_required: 'Must be agreed to',
	iban: 'IBAN',
	bic: 'BIC',
	about: 'About',
	is_same: 'The same person',
	is_on_stage: 'On stage',
	may_microphone: 'Microphone allowed',
	may_camera: 'Camera allowed',
	may_screen: 'Screen allowed',
	is_kept_off: 'Kept off the stage',
	is_promoted: 'Called from the floor',
	on_stage: 'May be called on stage',
	forbids_photographs: 'Guardian forbids photographs',
	withdrawn_by_guardian_at: 'Withdrawn by the guardian',
	is_quiet_room: 'Quiet room',
	directions: 'How to find it',
	recorded: 'May be recorded',
	entry_lock: 'Entry only for',
	room_id: 'Room',
	track_id: 'Track',
	format_id: 'Format',
	during: 'Time',
	block_reason: 'Kept free for',
	number: 'Release',
	is_live_change: 'Change on the day',
	interpreted: 'Interpreted into',
	is_recorded: 'Recorded',
	is_break: 'Break',
	is_countdown_stopped: 'Clock stopped',
	starts_automatically: 'Begins by itself',
	auto_end_minutes: 'Minutes over before it ends by itself'
};

/** The noun of a table; its own name where there is none. */
export function tableWord(table: string): string {
	return nouns[table] ?? (events[table] ? events[table] : table.replace(/^.*\./, '').replaceAll('_', ' '));
}

/** A column in words: "state" → "State". */
export function fieldWord(name: string): string {
	const plain = labels[name] ?? name.replace(/_at$/, '').replaceAll('_', ' ');
	return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** The actor, at the start of a sentence. */
export function actorWord(actor: Actor): string {
	if (actor.kind === 'system') return 'The system';
	if (actor.kind === 'guardian') return 'The guardian';
	return actor.kind === 'self' ? 'The person' : actor.name || 'Somebody whose record is gone';
}

/** What was done, after the actor: "changed the registration". */
export function actWords({ action, table }: Pick<AuditEntry, 'action' | 'table'>): string {
	if (action === 'event') return events[table] ?? `noted ${tableWord(table)}`;
	const noun = tableWord(table);
	if (action === 'insert') return `added ${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
	return `${action === 'update' ? 'changed' : 'removed'} the ${noun}`;
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
	if (typeof value === 'boolean') return value ? 'Yes' : 'No';
	if (typeof value === 'number') return name === 'amount' && currency ? money(value, currency) : number(value);
	if (name === 'during' && Array.isArray(value)) {
		const [start, end] = value.map(String);
		return `${day(start ?? '', zone)}, ${clockRange(start ?? '', end ?? '', zone)}`;
	}
	if (Array.isArray(value))
		return value.map((each) => (languageLists.has(name) ? languageName(String(each)) : String(each))).join(', ');
	if (name === 'filters')
		return Object.entries(value)
			.map(([filter, chosen]) => (chosen === true ? filter : `${filter} ${String(chosen)}`))
			.join(', ');
	if (typeof value === 'object') return text(value as TextMap).text;
	const plain = String(value);
	if (instant.test(plain)) return dayAndClock(plain, zone);
	if (/^\d{4}-\d{2}-\d{2}$/.test(plain)) return day(`${plain}T12:00Z`, 'UTC', { weekday: 'none', year: true });
	return codeWords(name, plain);
}

// Parts in a session; organisers' roles have other texts.
const stageRoles = new Set(['host', 'speaker', 'interpreter', 'captioner', 'manager', 'viewer']);

// Codes of the database, in the words of the pages.
function codeWords(name: string, code: string): string {
	if (name === 'mode' && (code === 'in_person' || code === 'virtual')) return modeWord(code);
	if (name === 'sector') return sectorName(code) || code;
	if (name === 'category') return categoryWord(code);
	if (name === 'role') return stageRoles.has(code) ? code : staffRoleWord(code);
	if (name === 'about') return tableWord(code);
	if (name === 'country' && /^[A-Z]{2}$/.test(code))
		return new Intl.DisplayNames(['en'], { type: 'region' }).of(code) ?? code;
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
		? code.replaceAll('_', ' ')
		: code;
}
