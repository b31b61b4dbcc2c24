/* Needs: what people said that they need, in words and in the address of their list. No I/O. */
import type { Need } from '#lib/database/answers/logistics.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { pageNumber } from '#lib/ui/page-number.ts';

export type { Need } from '#lib/database/answers/logistics.ts';

export const needStates = ['open', 'in_hand', 'met', 'not_met'] as const satisfies readonly Need['state'][];

const stateWords: Record<Need['state'], () => string> = {
	open: m.logistics_need_open,
	in_hand: m.logistics_need_in_hand,
	met: m.logistics_need_met,
	not_met: m.logistics_need_not_met
};

/** A state, in words. */
export const needStateWord = (state: Need['state']) => stateWords[state]();

/** What a need is about, in words: the question, or access. */
export const needLabel = ({ label }: Pick<Need, 'label'>) => (label ? text(label).text : m.registration_access());

/** Which needs are listed. */
export interface NeedsQuery {
	state: Need['state'] | 'all';
	/** The id of a question, or `access`; '' for all. */
	question: string;
	mine: boolean;
	page: number;
}

/** Reads the query of an address; invalid values count as none. */
export function needsQuery(search: URLSearchParams): NeedsQuery {
	const state = search.get('state');
	const question = search.get('question') ?? '';
	return {
		state: state === 'all' ? 'all' : (needStates.find((each) => each === state) ?? 'open'),
		question: /^(access|[0-9a-f-]{36})$/.test(question) ? question : '',
		mine: search.has('mine'),
		page: pageNumber(search)
	};
}

/** The query string of a list. */
export function needsAddress(query: NeedsQuery, change: Partial<NeedsQuery>): string {
	const { state, question, mine, page } = { ...query, page: 1, ...change };
	const search = new URLSearchParams({ state });
	if (question) search.set('question', question);
	if (mine) search.set('mine', 'yes');
	if (page > 1) search.set('page', String(page));
	return `?${search.toString()}`;
}
