/* What a new page of a kind begins with: headings and questions that its writers answer. No I/O. */
import type { PageKind } from '#lib/database/answers/pages.ts';
import type { Locale, TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { suggestedText } from '#lib/summits/suggested-texts.ts';
import { emptyBlock, type PageBlock, type BlockKind } from './blocks.ts';
import { pageKinds } from './page.ts';

type Message = (values: object, options: { locale: Locale }) => string;

const texts: Partial<Record<PageKind, Message>> = {
	venue: m.pages_outline_venue,
	travel: m.pages_outline_travel,
	hotels: m.pages_outline_hotels,
	visas: m.pages_outline_visas,
	press: m.pages_outline_press,
	code_of_conduct: m.summits_setup_texts_conduct_sample,
	privacy: m.summits_setup_texts_privacy_sample
};

const others: Partial<Record<PageKind, readonly BlockKind[]>> = {
	venue: ['map'],
	partners: ['partners'],
	press: ['files']
};

const questions = [m.pages_outline_faq_seat, m.pages_outline_faq_languages, m.pages_outline_faq_help];

/** The title of a new page, in each language of the Summit that we know. */
export const suggestedTitle = (kind: PageKind, languages: readonly string[]): TextMap =>
	suggestedText(pageKinds[kind], languages);

/** The blocks of a new page. */
export function outlineOf(kind: PageKind, languages: readonly string[]): PageBlock[] {
	const written = (message: Message) => suggestedText(message, languages);
	const list = questions.map((question) => ({ term: written(question), text: {} }));
	const words = texts[kind];
	const first: PageBlock[] =
		kind === 'faq'
			? [{ id: 'block1', kind: 'list', title: {}, rows: list }]
			: words || !others[kind]
				? [{ id: 'block1', kind: 'text', text: words ? written(words) : {} }]
				: [];
	return [...first, ...(others[kind] ?? []).map((one, index) => emptyBlock(one, `block${index + 2}`))];
}
