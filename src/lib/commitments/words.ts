/* The words of commitments. No I/O. */
import type { CommitmentText, CommitmentWork, RegisteredCommitment } from '#lib/database/answers/commitments.ts';
import { isolated, text } from '#lib/i18n/locale.ts';
import { joinList } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock, number, utcDate, zoneCity } from '#lib/i18n/time.ts';
import { countryName } from '#lib/members/countries.ts';

export type CommitmentStatus = RegisteredCommitment['status'];

/** In the order in which they are listed. */
export const statuses = ['on_track', 'at_risk', 'overdue', 'delivered', 'not_reported', 'withdrawn'] as const;

/** A status in a word. */
export function statusWord(status: CommitmentStatus): string {
	return {
		not_reported: m.commitments_not_reported,
		on_track: m.commitments_on_track,
		at_risk: m.commitments_at_risk,
		delivered: m.commitments_delivered,
		overdue: m.commitments_overdue,
		withdrawn: m.commitments_withdrawn
	}[status]();
}

/** The mark of a status. */
export const statusMark = (status: CommitmentStatus): 'good' | 'needs' | 'waiting' | 'ended' =>
	(
		({
			not_reported: 'waiting',
			on_track: 'waiting',
			at_risk: 'needs',
			delivered: 'good',
			overdue: 'needs',
			withdrawn: 'ended'
		}) as const
	)[status];

/** Who says so. */
export const sourceWord = ({ is_verified }: Pick<RegisteredCommitment, 'is_verified'>): string =>
	is_verified ? m.commitments_verified() : m.commitments_self_reported();

/** The state of the work on a version, in words. */
export function workWord({
	state,
	scheduled_at,
	zone
}: Pick<CommitmentWork, 'state' | 'scheduled_at' | 'zone'>): string {
	if (scheduled_at) {
		const time = m.ui_time_in({ time: dayAndClock(scheduled_at, zone), place: zoneCity(zone) });
		return m.commitments_state_scheduled({ date: time });
	}
	return {
		draft: m.commitments_state_draft,
		asked: m.commitments_state_asked,
		agreed: m.commitments_state_agreed,
		checked: m.commitments_state_checked,
		announced: m.commitments_announced,
		withdrawn: m.commitments_withdrawn
	}[state]();
}

/** The mark of a state. */
export const stateMark = (state: CommitmentWork['state']): 'draft' | 'waiting' | 'good' | 'ended' =>
	(
		({
			draft: 'draft',
			asked: 'waiting',
			agreed: 'waiting',
			checked: 'good',
			announced: 'good',
			withdrawn: 'ended'
		}) as const
	)[state];

/** What the secretariat's list is sorted by: what it does next, or who else does. */
export type CheckStage = 'agreed' | 'checked' | 'scheduled' | 'with_members';

/** The heading of each part of that list, in its order. */
export const checkStages: Record<CheckStage, () => string> = {
	agreed: m.commitments_state_agreed,
	checked: m.commitments_state_checked,
	scheduled: m.commitments_check_scheduled,
	with_members: m.commitments_check_with_members
};

/** The part of the list that has a commitment; null once it is announced, or when it is withdrawn. */
export function checkStage({ state, scheduled_at }: Pick<CommitmentWork, 'state' | 'scheduled_at'>): CheckStage | null {
	if (scheduled_at) return 'scheduled';
	if (state === 'agreed' || state === 'checked') return state;
	return state === 'draft' || state === 'asked' ? 'with_members' : null;
}

/** Whether it may be announced now: it is checked, or scheduled for a later time. */
export const isReady = ({ state, scheduled_at }: Pick<CommitmentWork, 'state' | 'scheduled_at'>): boolean =>
	state === 'checked' || scheduled_at !== null;

/** What happened, in words. */
export function workStepWord(step: CommitmentWork['steps'][number]['step']): string {
	return {
		asked: m.commitments_step_asked,
		agreed: m.commitments_agreed,
		sent_back: m.commitments_step_sent_back,
		checked: m.commitments_step_checked,
		announced: m.commitments_announced,
		unscheduled: m.commitments_step_unscheduled,
		withdrawn: m.commitments_withdrawn
	}[step]();
}

/** The target as a sentence. */
export function targetWords({
	baseline,
	target,
	unit,
	due_on
}: Pick<CommitmentText, 'baseline' | 'target' | 'unit' | 'due_on'>): string {
	return m.commitments_target_words({
		baseline: number(baseline),
		target: number(target),
		unit: isolated(text(unit).text),
		due: utcDate(due_on)
	});
}

/** The countries in the reader's language; '' for the whole world. */
export const countryWords = (countries: readonly string[]): string =>
	joinList(countries.map((code) => countryName(code)));
