import { enums, type Enums } from '#lib/database/types.ts';
import type { WebhookDelivery, WebhookEndpoint } from '#lib/database/answers/webhooks.ts';
import { m } from '#lib/i18n/messages.ts';

export type WebhookKind = Enums<'webhook_kind'>;

/** A group of kinds on the form: its field there, its name and its kinds. */
export interface KindGroup {
	field: `${string}[]`;
	label: string;
	kinds: WebhookKind[];
}

const groups: [field: KindGroup['field'], label: () => string, nouns: string[]][] = [
	['people[]', m.ui_organise_people, ['registration', 'accreditation', 'queue', 'letter', 'member', 'focal_point']],
	[
		'programme[]',
		m.ui_organise_programme,
		['agenda', 'session', 'proposal', 'side_event', 'speaker', 'survey', 'figures', 'impact_report']
	],
	['live[]', m.ui_live, ['recording']],
	['on_site[]', m.ui_organise_on_site, ['badge', 'check_in']],
	['communication[]', m.ui_organise_communication, ['announcement', 'page', 'session_file', 'document']],
	['money[]', m.ui_organise_money, ['order', 'payment', 'refund', 'invoice', 'credit_note', 'waiver']],
	['commitments[]', m.commitments_title, ['commitment']],
	['summit[]', m.webhooks_group_summit, ['summit']]
];

// What happens to a session while it is held is shown with what is live.
const isLive = (kind: WebhookKind) => kind === 'session.live' || kind === 'session.ended';

/** The kinds to which an endpoint subscribes, in groups. */
export function kindGroups(): KindGroup[] {
	return groups.map(([field, label, nouns]) => ({
		field,
		label: label(),
		kinds: enums.webhook_kind.filter((kind) =>
			isLive(kind) ? field === 'live[]' : nouns.includes(kind.split('.')[0] ?? '')
		)
	}));
}

const words: Record<WebhookKind, () => string> = {
	'registration.submitted': m.webhooks_kind_registration_submitted,
	'registration.nominated': m.webhooks_kind_registration_nominated,
	'registration.accredited': m.webhooks_kind_registration_accredited,
	'registration.awaiting_payment': m.webhooks_kind_registration_awaiting_payment,
	'registration.confirmed': m.webhooks_kind_registration_confirmed,
	'registration.declined': m.webhooks_kind_registration_declined,
	'registration.withdrawn': m.webhooks_kind_registration_withdrawn,
	'registration.expired': m.webhooks_kind_registration_expired,
	'registration.mode_changed': m.webhooks_kind_registration_mode_changed,
	'registration.category_changed': m.webhooks_kind_registration_category_changed,
	'accreditation.question_asked': m.webhooks_kind_accreditation_question_asked,
	'accreditation.question_answered': m.webhooks_kind_accreditation_question_answered,
	'queue.joined': m.webhooks_kind_queue_joined,
	'queue.offered': m.webhooks_kind_queue_offered,
	'letter.issued': m.webhooks_kind_letter_issued,
	'letter.withdrawn': m.webhooks_kind_letter_withdrawn,
	'member.added': m.webhooks_kind_member_added,
	'member.standing_changed': m.webhooks_kind_member_standing_changed,
	'member.requested': m.webhooks_kind_member_requested,
	'focal_point.added': m.webhooks_kind_focal_point_added,
	'order.created': m.webhooks_kind_order_created,
	'payment.received': m.webhooks_kind_payment_received,
	'payment.disputed': m.webhooks_kind_payment_disputed,
	'refund.decided': m.webhooks_kind_refund_decided,
	'refund.completed': m.webhooks_kind_refund_completed,
	'refund.failed': m.webhooks_kind_refund_failed,
	'invoice.issued': m.webhooks_kind_invoice_issued,
	'credit_note.issued': m.webhooks_kind_credit_note_issued,
	'waiver.requested': m.webhooks_kind_waiver_requested,
	'waiver.decided': m.webhooks_kind_waiver_decided,
	'badge.issued': m.webhooks_kind_badge_issued,
	'badge.revoked': m.webhooks_kind_badge_revoked,
	'check_in.entered': m.webhooks_kind_check_in_entered,
	'check_in.left': m.webhooks_kind_check_in_left,
	'check_in.undone': m.webhooks_kind_check_in_undone,
	'agenda.released': m.webhooks_kind_agenda_released,
	'session.added': m.webhooks_kind_session_added,
	'session.changed': m.webhooks_kind_session_changed,
	'session.cancelled': m.webhooks_kind_session_cancelled,
	'proposal.submitted': m.webhooks_kind_proposal_submitted,
	'proposal.withdrawn': m.webhooks_kind_proposal_withdrawn,
	'proposal.decided': m.webhooks_kind_proposal_decided,
	'side_event.requested': m.webhooks_kind_side_event_requested,
	'side_event.decided': m.webhooks_kind_side_event_decided,
	'speaker.invited': m.webhooks_kind_speaker_invited,
	'speaker.confirmed': m.webhooks_kind_speaker_confirmed,
	'speaker.declined': m.webhooks_kind_speaker_declined,
	'speaker.removed': m.webhooks_kind_speaker_removed,
	'session.live': m.webhooks_kind_session_live,
	'session.ended': m.webhooks_kind_session_ended,
	'recording.published': m.webhooks_kind_recording_published,
	'recording.withdrawn': m.webhooks_kind_recording_withdrawn,
	'announcement.sent': m.webhooks_kind_announcement_sent,
	'page.published': m.webhooks_kind_page_published,
	'session_file.published': m.webhooks_kind_session_file_published,
	'document.published': m.webhooks_kind_document_published,
	'commitment.announced': m.webhooks_kind_commitment_announced,
	'commitment.withdrawn': m.webhooks_kind_commitment_withdrawn,
	'commitment.reported': m.webhooks_kind_commitment_reported,
	'survey.published': m.webhooks_kind_survey_published,
	'figures.released': m.webhooks_kind_figures_released,
	'impact_report.released': m.webhooks_kind_impact_report_released,
	'summit.opened': m.webhooks_kind_summit_opened,
	'summit.live': m.webhooks_kind_summit_live,
	'summit.closed': m.webhooks_kind_summit_closed,
	'summit.archived': m.webhooks_kind_summit_archived,
	'webhook.test': m.webhooks_kind_webhook_test
};

/** What happened, in words. */
export const eventWord = (kind: WebhookKind): string => words[kind]();

const faults: Record<Enums<'webhook_fault'>, () => string> = {
	name: m.webhooks_fault_name,
	address: m.webhooks_fault_address,
	refused: m.webhooks_fault_refused,
	tls: m.webhooks_fault_tls,
	timeout: m.webhooks_fault_timeout,
	protocol: m.webhooks_fault_protocol,
	secret: m.webhooks_fault_secret
};

/** Why there is no answer, as a sentence. */
export const noAnswerWord = (fault: Enums<'webhook_fault'>): string => faults[fault]();

const states: Record<Enums<'webhook_state'>, () => string> = {
	waiting: m.webhooks_state_waiting,
	delivered: m.webhooks_state_delivered,
	failed: m.webhooks_state_failed
};

/** The state of a delivery. */
export const deliveryStateWord = (state: Enums<'webhook_state'>): string => states[state]();

const pauses: Record<Enums<'webhook_pause'>, () => string> = {
	by_hand: m.webhooks_paused_by_hand,
	failing: m.webhooks_paused_failing,
	gone: m.webhooks_paused_gone
};

/** The state of an endpoint, with its mark. `when` writes a moment. */
export function endpointState(
	{ pause_reason: pause, failing_since: failing }: WebhookEndpoint,
	when: (at: string) => string
): { kind: 'good' | 'needs' | 'bad' | 'ended'; word: string } {
	if (pause) return { kind: pause === 'by_hand' ? 'ended' : 'bad', word: pauses[pause]() };
	if (failing) return { kind: 'needs', word: m.webhooks_failing({ when: when(failing) }) };
	return { kind: 'good', word: m.webhooks_active() };
}

/** The marks of the states of deliveries. */
export const deliveryMarks = { waiting: 'waiting', delivered: 'good', failed: 'bad' } as const satisfies Record<
	WebhookDelivery['state'],
	string
>;
