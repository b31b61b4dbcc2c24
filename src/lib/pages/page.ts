import { locale, text, type Locale, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { PageKind, PartnerTier, ShownPage } from '#lib/database/answers/pages.ts';

export type {
	ListedPage,
	PageDraft,
	PageFault,
	PageFile,
	PageFileChoice,
	PageKind,
	PageLink,
	PagePersonChoice,
	PagePlace,
	PartnerTier,
	ShownBlock,
	ShownPage
} from '#lib/database/answers/pages.ts';

type Message = (values?: object, options?: { locale?: Locale }) => string;

/** What each kind is called, in the order in which they are offered. */
export const pageKinds: Record<PageKind, Message> = {
	about: m.agenda_about,
	attending_in_person: m.summits_text_in_person,
	attending_virtually: m.summits_text_virtually,
	venue: m.pages_kind_venue,
	travel: m.pages_kind_travel,
	hotels: m.pages_kind_hotels,
	visas: m.pages_kind_visas,
	faq: m.pages_kind_faq,
	news: m.pages_kind_news,
	partners: m.pages_kind_partners,
	press: m.pages_kind_press,
	code_of_conduct: m.summits_setup_texts_conduct,
	privacy: m.ui_privacy,
	accessibility: m.ui_accessibility,
	other: m.pages_kind_other
};

/** Whether a value names a kind. */
export const isPageKind = (value: string): value is PageKind => Object.hasOwn(pageKinds, value);

/** The kinds that the site itself shows; a Summit has at most one page of each. */
export const siteKinds = [
	'about',
	'attending_in_person',
	'attending_virtually',
	'code_of_conduct',
	'privacy',
	'accessibility'
] as const satisfies readonly PageKind[];

/** Whether the site itself shows pages of a kind. */
export const isSiteKind = (kind: PageKind): boolean => siteKinds.some((one) => one === kind);

/** The address of a page of a kind, where it has no other. */
export const slugOfKind = (kind: PageKind): string => kind.replaceAll('_', '-');

/** The address of a page. The privacy notice and the accessibility statement have addresses of their own. */
export function pagePath(summit: string, { kind, slug }: { kind: PageKind; slug: string }): string {
	return kind === 'privacy' || kind === 'accessibility' ? `/${summit}/${kind}` : `/${summit}/pages/${slug}`;
}

/** The title of a page as a reader is shown it: what its writers called it, else the name of its kind. */
export function pageTitle({ title, kind }: { title: TextMap; kind: PageKind }): TextMap {
	return text(title).text !== '' ? title : { original: locale(), [locale()]: pageKinds[kind]() };
}

/** What a group of partners is called. */
export const partnerTiers: Record<PartnerTier, () => string> = {
	host: m.pages_tier_host,
	principal: m.pages_tier_principal,
	partner: m.pages_tier_partner,
	supporter: m.pages_tier_supporter
};

/** The address of a file of a page. */
export const pageFilePath = (summit: string, file: string): string => `/${summit}/pages/files/${file}`;

/** The text of a page that has one text and nothing else; null for any other. */
export function onlyText({ blocks: [block, ...rest] }: Pick<ShownPage, 'blocks'>): TextMap | null {
	return block?.kind === 'text' && rest.length === 0 ? block.text : null;
}

/** Where the site shows a page of a kind by itself; undefined for pages that are found by their links. */
export const siteHints: Partial<Record<PageKind, () => string>> = {
	about: m.summits_text_front_hint,
	attending_in_person: m.summits_text_attending_hint,
	attending_virtually: m.summits_text_attending_hint,
	code_of_conduct: m.summits_text_conduct_hint,
	privacy: m.summits_text_privacy_hint,
	accessibility: m.summits_text_accessibility_hint
};
