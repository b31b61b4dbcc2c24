/* The proposals that agenda organisers decide on, and the state of their decisions. No I/O. */
import type { AnswerOf } from '#lib/database/calls.ts';
import type { ProposalDecision } from './proposal.ts';
import type { SelectionProposal } from '#lib/database/answers/proposals/selection.ts';

export type {
	Balance,
	SelectionProposal,
	Choices,
	ChosenProposal,
	Committee
} from '#lib/database/answers/proposals/selection.ts';

const proposalDecisionWords: Record<ProposalDecision, string> = {
	accept: 'Accepted',
	waitlist: 'On the waiting list',
	decline: 'Declined'
};

/** The state of the decision, in organisers' words. */
export function choiceWord({
	state,
	decision,
	released_decision
}: Pick<SelectionProposal, 'state' | 'decision' | 'released_decision'>): string {
	if (state === 'withdrawn') return 'Withdrawn';
	if (decision === null)
		return released_decision ? `${proposalDecisionWords[released_decision]}, notified` : 'To decide';
	return decision === released_decision
		? proposalDecisionWords[decision]
		: `${proposalDecisionWords[decision]}, not notified yet`;
}

/** The filters of the list, as its address names them. */
interface ChoiceFilters {
	track: string;
	format: string;
	show: string;
	sort: string;
	q: string;
}

export const shows = [
	{ value: '', label: 'All that can be chosen' },
	{ value: 'open', label: 'To decide' },
	{ value: 'stale', label: 'Without a review for two weeks' },
	{ value: 'accept', label: 'Accepted' },
	{ value: 'waitlist', label: 'On the waiting list' },
	{ value: 'decline', label: 'Declined' },
	{ value: 'held', label: 'Decided, not notified yet' },
	{ value: 'withdrawn', label: 'Withdrawn' }
] as const;

export const choiceSorts = [
	{ value: '', label: 'Score' },
	{ value: 'normalised', label: 'Score, reviewers levelled' },
	{ value: 'spread', label: 'Where reviewers differ' },
	{ value: 'fewest', label: 'Fewest reviews' }
] as const;

/** The filters in an address, ignoring invalid ones. */
export function choiceFiltersFrom(query: URLSearchParams): ChoiceFilters {
	const of = (name: string) => (query.get(name) ?? '').slice(0, 100);
	return { track: of('track'), format: of('format'), show: of('show'), sort: of('sort'), q: of('q') };
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

/** The filtered rows in the requested order; rows without a score come last. */
export function chosenFrom(rows: readonly SelectionProposal[], filters: ChoiceFilters): SelectionProposal[] {
	const words = filters.q.trim().toLowerCase();
	const left = rows.filter(
		(row) =>
			isShown(row, filters.show) &&
			(filters.track === '' || row.track_id === filters.track) &&
			(filters.format === '' || row.format_id === filters.format) &&
			(words === '' || finds(row, words))
	);
	if (filters.sort === 'fewest') return left.toSorted((a, b) => (a.reviews ?? 1e9) - (b.reviews ?? 1e9));
	const by = filters.sort === 'normalised' || filters.sort === 'spread' ? filters.sort : 'score';
	return left.toSorted((a, b) => (b[by] ?? -1e9) - (a[by] ?? -1e9));
}

type Decided = AnswerOf<'decide_proposals'>[number];

const decidedWords: Record<Decided['status'], string> = {
	ok: 'decided',
	same: 'decided',
	changed_meanwhile: 'decided by somebody else meanwhile: look again',
	released: 'accepted and already notified: cancel the session instead',
	conflict: 'left, because you have a conflict of interest',
	withdrawn: 'withdrawn meanwhile',
	not_found: 'withdrawn meanwhile'
};

/** The result of a bulk decision, as a sentence. */
export function decidedSentence(answers: readonly Pick<Decided, 'status'>[]): { text: string; good: boolean } {
	const counts = [...new Set(Object.values(decidedWords))].flatMap((words) => {
		const { length } = answers.filter(({ status }) => decidedWords[status] === words);
		return length > 0 ? [`${length} ${words}`] : [];
	});
	const good = answers.length > 0 && answers.every(({ status }) => status === 'ok' || status === 'same');
	return { text: counts.length > 0 ? `${counts.join('; ')}.` : 'Nothing was decided.', good };
}

/** A count in words: small counts are not shown. */
export function countWords(count: number | null): string {
	return count === null ? 'too few to show' : String(count);
}
