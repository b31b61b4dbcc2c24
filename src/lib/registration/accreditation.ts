/* The organisers' list: its questions, filters and rows. No I/O. */
import { isRegion } from '#lib/members/regions.ts';
import { isSector, type Sector } from '#lib/members/member.ts';
import {
	categories,
	registrationStates,
	type HistoryStep,
	type Mode,
	type MyRegistration,
	type QueueReason,
	type RegistrationState
} from './registration.ts';

/** The tabs, each a question. `rare`: shown only when it has an answer. */
export const questions = [
	{ key: 'decide', label: 'To decide' },
	{ key: 'second', label: 'Second person', rare: true },
	{ key: 'waiting', label: 'Waiting for someone' },
	{ key: 'revet', label: 'Changed since', rare: true },
	{ key: 'guardian', label: 'Guardian to link', rare: true },
	{ key: 'queue', label: 'In the queue' },
	{ key: 'confirmed', label: 'Confirmed' },
	{ key: 'ended', label: 'Declined or ended' },
	{ key: 'draft', label: 'Not sent' },
	{ key: 'all', label: 'Everyone' }
] as const satisfies readonly { key: string; label: string; rare?: boolean }[];
export type Question = (typeof questions)[number]['key'];

/** What can be decided about those under a question. */
export const decisions = ['accredit', 'decline', 'revet', 'confirm', 'reject'] as const;
export type Decision = (typeof decisions)[number];

/** The decisions offered for many at once, by question. */
export function decisionsFor(question: Question): readonly Decision[] {
	switch (question) {
		case 'second':
			return ['confirm', 'reject'];
		case 'revet':
			return ['revet', 'decline'];
		case 'guardian':
		case 'draft':
		case 'ended':
			return [];
		case 'confirmed':
			return ['decline'];
		default:
			return ['accredit', 'decline'];
	}
}

/** A decision on a button. */
export const decisionWords: Record<Decision, string> = {
	accredit: 'Accredit',
	decline: 'Decline',
	revet: 'Accept the change',
	confirm: 'Confirm the proposal',
	reject: 'Reject the proposal'
};

/** For whom a registration waits. */
export const waits = {
	organiser: 'An organiser',
	second: 'A second person',
	person: 'The person',
	guardian: 'The guardian',
	payment: 'The payment',
	seat: 'A free seat'
} as const;
export type Waits = keyof typeof waits;

/** Marks by which the list can be narrowed. */
export const flags = {
	late: 'Overdue',
	answered: 'Answer to read',
	unanswered: 'No answer in time',
	revet: 'Changed since',
	notes: 'With notes',
	unlisted: 'Organisation not linked',
	details: 'Second form incomplete',
	alias: 'Another name'
} as const;
export type Flag = keyof typeof flags;

export const sorts = { sent: 'Sent first', time: 'Longest in its state', name: 'Name' } as const;
export type Sort = keyof typeof sorts;

/** One row of the list. */
export interface ListedRegistration {
	id: string;
	reference: string;
	display_name: string;
	office: string;
	member: string | null;
	sector: Sector | null;
	region: string | null;
	country: string | null;
	category: string;
	pool: string | null;
	mode: Mode;
	state: RegistrationState;
	state_since: string;
	submitted_at: string | null;
	has_alias: boolean;
	queue_position: number | null;
	queue_reason?: QueueReason | null;
	held_until: string | null;
	/** "Mine is not listed" is still unanswered. */
	has_request?: boolean;
	/** Under 18, not sent, and waiting for the guardian to be linked. */
	wants_guardian?: boolean;
	notes: number;
	/** What somebody proposed and a second person has not confirmed. */
	proposal: Decision | null;
	proposed_at: string | null;
	proposal_own: boolean | null;
	question: 'open' | 'unanswered' | 'answered' | null;
	question_until: string | null;
	revet_since: string | null;
	waits: Waits | null;
	/** Longer in its state than the Summit wants. */
	is_late: boolean;
}

/** A decision that one person proposed, and what the second made of it. */
export interface Proposal {
	id: string;
	decision: Decision;
	reason: string;
	state: 'open' | 'confirmed' | 'rejected' | 'withdrawn' | 'cancelled';
	answer: string;
	by: string | null;
	at: string;
	/** Proposed by the reader, or by whoever may be the same human. */
	own: boolean;
	closed_by: string | null;
	closed_at: string | null;
}

/** A question put to the person. */
export interface InformationRequest {
	id: string;
	question: string;
	deadline: string;
	state: 'open' | 'answered' | 'closed';
	asked_at: string;
	answer: string | null;
	answered_at: string | null;
	asked_by?: string | null;
	is_read?: boolean;
	reminders?: number;
}

/** A note of the organisers; its text is null once it was erased. */
export interface RegistrationNote {
	id: number;
	at: string;
	author: string | null;
	for_safeguarding: boolean;
	note: string | null;
}

/** Somebody about whom something was noted for safeguarding. */
export interface NotedPerson {
	registration_id: string;
	reference: string;
	display_name: string;
	state: RegistrationState;
	notes: RegistrationNote[];
}

/** What changed after accreditation; values are left out where they may not be read. */
export interface Revetting {
	fields: string[];
	old?: Record<string, string | null>;
	new?: Record<string, string | null>;
	opened_at: string;
	/** Door and stage wait for it. */
	is_paused: boolean;
}

/** A registration as whoever accredits reads it. */
export interface ReadRegistration extends Omit<MyRegistration, 'protection' | 'badge'> {
	summit_id: string;
	has_alias: boolean;
	wants_talk: boolean;
	/** The reader's own, or of somebody they act for: not theirs to decide. */
	is_own: boolean;
	/** Seats of the member in the mode asked for. */
	seats: { ceiling: number | null; used: number } | null;
	request_id: string | null;
	/** Which decisions two people make together. */
	second: { accredit: boolean; decline: boolean };
	proposals: Proposal[];
	information: InformationRequest[];
	notes: RegistrationNote[];
	revetting: Revetting | null;
}

/** What the address asks for. */
export interface ListQuery {
	question: Question;
	text: string;
	states: readonly RegistrationState[];
	mode: Mode | null;
	sector: Sector | null;
	region: string | null;
	country: string | null;
	category: string | null;
	member: string | null;
	pool: string | null;
	waits: Waits | null;
	flag: Flag | null;
	sort: Sort;
	desc: boolean;
	/** The row before the page, as the database named it; '' for the first page. */
	after: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const known = <T extends string>(all: readonly T[], value: string | null): T | null =>
	all.find((each) => each === value) ?? null;
const keysOf = <T extends object>(record: T) => Object.keys(record) as (keyof T & string)[];
const fitting = (value: string | null, form: RegExp) => (value !== null && form.test(value) ? value : null);

/**
 * Reads the list's query from an address; what it does not understand it leaves out. Without a tab it is everyone that the
 * filters find, without anything what is to be decided.
 */
export function listQuery(search: URLSearchParams): ListQuery {
	const asked = questions.find(({ key }) => key === search.get('tab'))?.key;
	const sector = search.get('sector');
	const region = search.get('region');
	const query: Omit<ListQuery, 'question'> = {
		text: (search.get('q') ?? '').trim().slice(0, 100),
		states: registrationStates.filter((state) => search.getAll('state').includes(state)),
		mode: known(['in_person', 'virtual'], search.get('mode')),
		sector: isSector(sector) ? sector : null,
		region: isRegion(region) ? region : null,
		country: fitting(search.get('country'), /^[A-Z]{2}$/),
		category: known(categories, search.get('category')),
		member: fitting(search.get('member'), uuid),
		pool: fitting(search.get('pool'), uuid),
		waits: known(keysOf(waits), search.get('waits')),
		flag: known(keysOf(flags), search.get('flag')),
		sort: known(keysOf(sorts), search.get('sort')) ?? 'sent',
		desc: search.get('order') === 'desc',
		after: (search.get('after') ?? '').slice(0, 400)
	};
	return { question: asked ?? (isNarrowed(query) ? 'all' : 'decide'), ...query };
}

/** Whether anything but the question leaves somebody out. */
export function isNarrowed(query: Omit<ListQuery, 'question'>): boolean {
	return query.text !== '' || query.states.length > 0 || filterNames.some((name) => query[name] !== null);
}

const filterNames = ['mode', 'sector', 'region', 'country', 'category', 'member', 'pool', 'waits', 'flag'] as const;

/** The query without its filters: the question alone. */
export const unfiltered = {
	text: '',
	states: [],
	mode: null,
	sector: null,
	region: null,
	country: null,
	category: null,
	member: null,
	pool: null,
	waits: null,
	flag: null
} as const satisfies Partial<ListQuery>;

/** The query string of a list, shortest form: '' or '?tab=…'. Any change but that of the page begins at its first page. */
export function listAddress(query: ListQuery, change: Partial<ListQuery> = {}): string {
	const next = { ...query, after: '', ...change };
	const search = new URLSearchParams();
	if (next.question !== 'decide' || isNarrowed(next)) search.set('tab', next.question);
	if (next.text) search.set('q', next.text);
	for (const state of next.states) search.append('state', state);
	for (const name of filterNames) {
		const value = next[name];
		if (value !== null) search.set(name, value);
	}
	if (next.sort !== 'sent') search.set('sort', next.sort);
	if (next.desc) search.set('order', 'desc');
	if (next.after) search.set('after', next.after);
	const text = search.toString();
	return text ? `?${text}` : '';
}

/** What the database is asked with. */
export function listFilters(query: ListQuery): Record<string, unknown> {
	const chosen = filterNames.filter((name) => query[name] !== null).map((name) => [name, query[name]] as const);
	return {
		...(query.question !== 'all' && { tab: query.question }),
		...(query.states.length > 0 && { states: query.states }),
		...Object.fromEntries(chosen),
		...(query.text && { query: query.text }),
		...(query.sort !== 'sent' && { sort: query.sort }),
		...(query.desc && { desc: true })
	};
}

/** Days since a moment, whole. */
export function daysSince(at: string, now: number): number {
	return Math.max(0, Math.floor((now - Date.parse(at)) / 86_400_000));
}

/** What to look at before deciding; empty when all is well. */
export function lookAt(row: ListedRegistration): string {
	if (row.wants_guardian) return 'Guardian to link';
	if (row.proposal)
		return row.proposal_own ? 'Proposed by you' : `Proposed: ${decisionWords[row.proposal].toLowerCase()}`;
	if (row.revet_since) return 'Changed since accreditation';
	if (row.question === 'answered') return 'Answer to read';
	if (row.question === 'unanswered') return 'No answer in time';
	if (row.question === 'open') return 'Asked, no answer yet';
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

/** What a decision came to, or would come to. */
export interface Outcome {
	status: string;
	/** Who was first, where somebody was. */
	by?: string | null;
	at?: string | null;
	own?: boolean;
	state?: string;
}

const outcomes: Record<string, { done: string; soon: string; good: boolean }> = {
	confirmed: { done: 'confirmed', soon: 'Confirmed at once, and told by mail', good: true },
	awaiting_payment: {
		done: 'accredited and asked to pay',
		soon: 'Asked to pay; the seat is held until then',
		good: true
	},
	accredited: {
		done: 'accredited and waiting for a seat',
		soon: 'Keeps the place in the queue until a seat is free',
		good: true
	},
	declined: { done: 'declined', soon: 'Declined, and told the reason by mail', good: true },
	revetted: { done: 'accepted as changed', soon: 'The change is accepted', good: true },
	proposed: { done: 'proposed to a second person', soon: 'Proposed: a second person must confirm', good: true },
	rejected: { done: 'not confirmed', soon: 'The proposal is rejected, and it is to be decided again', good: true },
	withdrawn: { done: 'taken back', soon: 'Your own proposal is taken back', good: true },
	own: { done: 'not yours to decide', soon: 'Not yours to decide: yourself, or somebody you act for', good: false },
	not_allowed: { done: 'not yours to decide', soon: 'Not yours to decide', good: false },
	wrong_state: { done: 'already decided', soon: 'Already decided', good: false },
	proposal_open: { done: 'already proposed', soon: 'Already proposed: confirm or reject it', good: false },
	no_proposal: { done: 'without a proposal any more', soon: 'No proposal is open', good: false },
	second_person_needed: {
		done: 'proposed by you: another must confirm',
		soon: 'Proposed by you: another must confirm',
		good: false
	},
	proposer_left: { done: 'proposed by somebody who decides no more', soon: '', good: false },
	reason_needed: { done: 'without a reason, so unchanged', soon: '', good: false },
	needs_a_word: { done: 'in need of a word with safeguarding first', soon: '', good: false },
	failed: { done: 'not changed: the seat did not allow it', soon: '', good: false }
};

/** Whether something was done. */
export function isDone(status: string): boolean {
	return outcomes[status]?.good ?? false;
}

/** What an outcome is called: after it (`done`), or before it (`soon`). */
export function outcomeWord(status: string, when: 'done' | 'soon'): string {
	return outcomes[status]?.[when] || 'unchanged';
}

/** What came of deciding several, in a sentence. */
export function decisionSentence(answers: readonly { status: string }[]): { text: string; good: boolean } {
	const counts = new Map<string, number>();
	for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
	const parts = [...counts].map(([status, count]) => `${count} ${outcomeWord(status, 'done')}`);
	const good = answers.length > 0 && answers.every(({ status }) => isDone(status));
	return { text: parts.length > 0 ? `${parts.join(', ')}.` : 'Nobody was chosen.', good };
}

/** Who was first: "decided meanwhile by …, 3 June, 10:41". `clock` writes the moment. */
export function meanwhile({ by, at, own, status }: Outcome, clock: (at: string) => string): string {
	if (!at) return '';
	const who = own ? ' by you' : by ? ` by ${by}` : '';
	return `${status === 'proposal_open' || status === 'second_person_needed' ? 'proposed' : 'decided'}${who}, ${clock(at)}`;
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

/** What became of a proposal, as organisers read it. */
export function proposalSentence({ decision, by, state, answer, closed_by }: Proposal): string {
	const what = { accredit: 'to accredit', decline: 'to decline', revet: 'to accept a change', confirm: '', reject: '' };
	const first = `Proposed ${what[decision]} by ${by ?? 'somebody'}`;
	const why: Record<string, string> = {
		state: 'the state has changed',
		changed: 'details have changed',
		role: 'they decide here no more'
	};
	switch (state) {
		case 'confirmed':
			return `${first}, confirmed by ${closed_by ?? 'somebody'}`;
		case 'rejected':
			return `${first}, rejected by ${closed_by ?? 'somebody'}`;
		case 'withdrawn':
			return `${first}, taken back`;
		case 'cancelled':
			return `${first}, cancelled: ${why[answer] ?? 'it was overtaken'}`;
		default:
			return first;
	}
}

/** A vetted field in words. */
export function fieldName(field: string): string {
	const words: Record<string, string> = {
		display_name: 'Name',
		office: 'Office',
		affiliation: 'Organisation',
		country: 'Country',
		member_id: 'Member',
		category: 'Category'
	};
	return words[field] ?? field;
}
