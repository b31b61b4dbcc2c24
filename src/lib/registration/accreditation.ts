/* The organisers' list: its questions, filters and rows. No I/O. */
import { isSector, type Sector } from '#lib/members/member.ts';
import type { HistoryStep, Mode, MyRegistration, QueueReason, RegistrationState } from './registration.ts';

/** The tabs, each a question, and the states that answer it. */
export const questions = [
	{ key: 'decide', label: 'To decide', states: ['submitted', 'nominated'] },
	{ key: 'waiting', label: 'Waiting for someone', states: ['awaiting_payment'] },
	{ key: 'guardian', label: 'Guardian to link', states: [], guardian: true },
	{ key: 'queue', label: 'In the queue', states: [], queued: true },
	{ key: 'confirmed', label: 'Confirmed', states: ['confirmed'] },
	{ key: 'ended', label: 'Declined or ended', states: ['declined', 'withdrawn', 'expired'] },
	{ key: 'draft', label: 'Not sent', states: ['draft'] }
] as const satisfies readonly {
	key: string;
	label: string;
	states: readonly RegistrationState[];
	queued?: boolean;
	guardian?: boolean;
}[];
export type Question = (typeof questions)[number]['key'];

/** One row of the list. */
export interface ListedRegistration {
	id: string;
	reference: string;
	display_name: string;
	office: string;
	member: string | null;
	sector: Sector | null;
	country: string | null;
	category: string;
	mode: Mode;
	state: RegistrationState;
	state_since: string;
	has_alias: boolean;
	queue_position: number | null;
	queue_reason?: QueueReason | null;
	held_until: string | null;
	/** "Mine is not listed" is still unanswered. */
	has_request?: boolean;
	/** Under 18, not sent, and waiting for the guardian to be linked. */
	wants_guardian?: boolean;
}

/** A registration as whoever accredits reads it. */
export interface ReadRegistration extends Omit<MyRegistration, 'protection' | 'badge'> {
	summit_id: string;
	has_alias: boolean;
	wants_talk: boolean;
	/** Seats of the member in the mode asked for. */
	seats: { ceiling: number | null; used: number } | null;
	request_id: string | null;
}

/** What the address asks for. */
export interface ListQuery {
	question: Question;
	text: string;
	sector: Sector | null;
	mode: Mode | null;
	page: number;
}

/** Reads the list's query from an address; what it does not understand it leaves out. */
export function listQuery(search: URLSearchParams): ListQuery {
	const asked = search.get('tab');
	const sector = search.get('sector');
	const mode = search.get('mode');
	const page = Number(search.get('page') ?? '1');
	return {
		question: questions.find(({ key }) => key === asked)?.key ?? 'decide',
		text: (search.get('q') ?? '').trim().slice(0, 100),
		sector: isSector(sector) ? sector : null,
		mode: mode === 'in_person' || mode === 'virtual' ? mode : null,
		page: Number.isInteger(page) && page > 0 && page < 10_000 ? page : 1
	};
}

/** The query string of a list, shortest form: '' or '?tab=…'. */
export function listAddress(query: ListQuery, change: Partial<ListQuery> = {}): string {
	const next = { ...query, page: 1, ...change };
	const search = new URLSearchParams();
	if (next.question !== 'decide') search.set('tab', next.question);
	if (next.text) search.set('q', next.text);
	if (next.sector) search.set('sector', next.sector);
	if (next.mode) search.set('mode', next.mode);
	if (next.page > 1) search.set('page', String(next.page));
	const text = search.toString();
	return text ? `?${text}` : '';
}

/** What the database is asked with. */
export function listFilters(query: ListQuery): Record<string, unknown> {
	const question = questions.find(({ key }) => key === query.question);
	return {
		...(question && question.states.length > 0 && { states: question.states }),
		...(question && 'queued' in question && { queued: true }),
		...(question && 'guardian' in question && { guardian: true }),
		...(query.text && { query: query.text }),
		...(query.sector && { sector: query.sector }),
		...(query.mode && { mode: query.mode })
	};
}

/** Days since a moment, whole. */
export function daysSince(at: string, now: number): number {
	return Math.max(0, Math.floor((now - Date.parse(at)) / 86_400_000));
}

/** What to look at before deciding; empty when all is well. */
export function lookAt(row: ListedRegistration): string {
	if (row.wants_guardian) return 'Guardian to link';
	if (row.has_request) return 'Organisation not linked';
	switch (row.queue_reason) {
		case 'allocation':
			return 'Over the entitlement';
		case 'ceiling':
			return 'Sector or region is full';
		case 'capacity':
			return 'No seat is free';
		case 'others_wait':
			return 'Others wait before';
		default:
			return row.queue_position === null ? '' : `Queue, ${row.queue_position}`;
	}
}

/** What came of deciding several, in a sentence. */
export function decisionSentence(outcomes: readonly { status: string }[]): { text: string; good: boolean } {
	const words: Record<string, string> = {
		confirmed: 'confirmed',
		awaiting_payment: 'accredited and asked to pay',
		accredited: 'accredited and waiting for a seat',
		declined: 'declined',
		not_allowed: 'not yours to decide',
		wrong_state: 'already decided',
		reason_needed: 'without a reason, so unchanged',
		needs_a_word: 'in need of a word with safeguarding first'
	};
	const counts = new Map<string, number>();
	for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
	const parts = [...counts].map(([status, count]) => `${count} ${words[status] ?? 'unchanged'}`);
	const good =
		outcomes.length > 0 &&
		outcomes.every(({ status }) => /^(confirmed|awaiting_payment|accredited|declined)$/.test(status));
	return { text: parts.length > 0 ? `${parts.join(', ')}.` : 'Nobody was chosen.', good };
}

/** One entry of the history, as organisers read it: what, and by whom. */
export function stepSentence(step: HistoryStep): string {
	const words: Record<RegistrationState, string> = {
		draft: 'Begun',
		submitted: 'Sent',
		nominated: 'Named by the member',
		accredited: 'Accredited',
		awaiting_payment: 'Asked to pay',
		confirmed: 'Confirmed',
		declined: 'Declined',
		withdrawn: 'Withdrawn',
		expired: 'Expired'
	};
	const what =
		step.from_state === step.to_state
			? step.mode === 'in_person'
				? 'Moved to the hall'
				: 'Moved online'
			: words[step.to_state];
	// Nobody is named where the clock or the queue did it.
	const by = step.by_self ? 'the person' : step.actor;
	return by ? `${what} by ${by}` : what;
}
