/* The proposals that agenda organisers decide on, and the state of their decisions. No I/O. */
import type { AnswerOf } from '#lib/database/calls.ts';
import { m } from '#lib/i18n/messages.ts';
import { text } from '#lib/i18n/locale.ts';
import { number } from '#lib/i18n/time.ts';
import { sorted, sortingFrom, type Sorting } from '#lib/ui/sorting.ts';
import type { ProposalDecision } from './proposal.ts';
import type { SelectionProposal } from '#lib/database/answers/proposals/selection.ts';

export type {
	Balance,
	SelectionProposal,
	Choices,
	ChosenProposal,
	Committee
} from '#lib/database/answers/proposals/selection.ts';

const proposalDecisionWords: Record<ProposalDecision, () => string> = {
	accept: m.proposals_choice_accept,
	waitlist: m.proposals_choice_waitlist,
	decline: m.proposals_choice_decline
};

/** The state of the decision, in organisers' words. */
export function choiceWord({
	state,
	decision,
	released_decision
}: Pick<SelectionProposal, 'state' | 'decision' | 'released_decision'>): string {
	if (state === 'withdrawn') return m.proposals_choice_withdrawn();
	if (decision === null)
		return released_decision
			? m.proposals_choice_notified({ decision: proposalDecisionWords[released_decision]() })
			: m.proposals_choice_open();
	const word = proposalDecisionWords[decision]();
	return decision === released_decision ? word : m.proposals_choice_not_notified({ decision: word });
}

/** The columns by which the list sorts. */
export const choiceSortKeys = ['title', 'track', 'score', 'normalised', 'spread', 'reviews', 'state'] as const;
type ChoiceSort = (typeof choiceSortKeys)[number];

/** The filters of the list, as its address names them. */
interface ChoiceFilters {
	track: string;
	format: string;
	show: string;
	sort: Sorting<ChoiceSort>;
	q: string;
}

/** Which proposals are shown. */
export const shows = () => [
	{ value: '', label: m.proposals_show_all() },
	{ value: 'open', label: m.proposals_choice_open() },
	{ value: 'stale', label: m.proposals_show_stale() },
	{ value: 'accept', label: m.proposals_choice_accept() },
	{ value: 'waitlist', label: m.proposals_choice_waitlist() },
	{ value: 'decline', label: m.proposals_choice_decline() },
	{ value: 'held', label: m.proposals_show_held() },
	{ value: 'withdrawn', label: m.proposals_choice_withdrawn() }
];

/** The filters in an address, ignoring invalid ones. */
export function choiceFiltersFrom(query: URLSearchParams): ChoiceFilters {
	const of = (name: string) => (query.get(name) ?? '').slice(0, 100);
	return {
		track: of('track'),
		format: of('format'),
		show: of('show'),
		sort: sortingFrom(query, choiceSortKeys),
		q: of('q')
	};
}

function isShown(row: SelectionProposal, show: string): boolean {
	if (show === 'withdrawn') return row.state === 'withdrawn';
	if (row.state === 'withdrawn') return false;
	if (show === 'open') return row.decision === null;
	if (show === 'stale') return row.is_stale;
	if (show === 'held') return row.decision !== null && row.decision !== row.released_decision;
	return show === '' || row.decision === show;
}

function finds(row: SelectionProposal, words: string): boolean {
	const all = [
		row.code,
		...Object.values(row.title),
		...row.people.flatMap(({ name, affiliation }) => [name, affiliation])
	];
	return all.some((one) => one?.toLowerCase().includes(words));
}

/** The filtered rows in the requested order, at first by score from the best; rows without a value come last. */
export function chosenFrom(
	rows: readonly SelectionProposal[],
	filters: ChoiceFilters,
	trackName: (id: string | null) => string
): SelectionProposal[] {
	const words = filters.q.trim().toLowerCase();
	const left = rows.filter(
		(row) =>
			isShown(row, filters.show) &&
			(filters.track === '' || row.track_id === filters.track) &&
			(filters.format === '' || row.format_id === filters.format) &&
			(words === '' || finds(row, words))
	);
	return sorted(left, filters.sort === '' ? '-score' : filters.sort, (row, key) => {
		if (key === 'title') return text(row.title).text;
		if (key === 'track') return trackName(row.track_id) || null;
		if (key === 'state') return choiceWord(row);
		return row[key as 'score' | 'normalised' | 'spread' | 'reviews'];
	});
}

type Decided = AnswerOf<'decide_proposals'>[number];

const decidedWords: Record<Decided['status'], (typeof m)['proposals_bulk_decided']> = {
	ok: m.proposals_bulk_decided,
	same: m.proposals_bulk_decided,
	changed_meanwhile: m.proposals_decided_meanwhile,
	released: m.proposals_decided_released,
	conflict: m.proposals_decided_conflict,
	withdrawn: m.proposals_decided_withdrawn,
	not_found: m.proposals_decided_withdrawn
};

/** The result of a bulk decision, in sentences. */
export function decidedSentence(answers: readonly Pick<Decided, 'status'>[]): { text: string; good: boolean } {
	const sentences = [...new Set(Object.values(decidedWords))].flatMap((words) => {
		const { length } = answers.filter(({ status }) => decidedWords[status] === words);
		return length > 0 ? [words({ count: length, shown: number(length) })] : [];
	});
	const good = answers.length > 0 && answers.every(({ status }) => status === 'ok' || status === 'same');
	return { text: sentences.length > 0 ? sentences.join(' ') : m.proposals_decided_none(), good };
}

/** A count in words: small counts are not shown. */
export function countWords(count: number | null): string {
	return count === null ? m.proposals_count_few() : number(count);
}
