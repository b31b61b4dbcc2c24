/* The content and the layout of a sheet of badges. No I/O. */
import { formatBadgeCode } from '#lib/door/badge.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { text, type Locale, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dateRange } from '#lib/i18n/time.ts';
import { categoryWord } from '#lib/registration/words.ts';
import type { Layout } from './layouts.ts';
import { breakable, scriptOf, nameWords } from './script.ts';
import type { PaperBadge } from '#lib/database/answers/badges.ts';

export type { PaperBadge } from '#lib/database/answers/badges.ts';

/** A badge with its code as an SVG path on a square of `size` modules. */
export type CodedBadge = PaperBadge & { code: { size: number; path: string } };

/** The Summit's facts on each badge. */
interface PaperSummit {
	name: TextMap;
	city: TextMap;
	starts_on: string;
	ends_on: string;
}

const most = 4;

/** The colours of a category's band. The text names the category, with or without colour; the band is visible from further away. */
export const bands: Record<string, { ground: string; letter: string }> = {
	delegate: { ground: '#1f5096', letter: '#ffffff' },
	speaker: { ground: '#8f1d3f', letter: '#ffffff' },
	guest: { ground: '#5b3a8c', letter: '#ffffff' },
	staff: { ground: '#d3dbe3', letter: '#12263d' },
	crew: { ground: '#4c5f74', letter: '#ffffff' },
	interpreter: { ground: '#0b655a', letter: '#ffffff' },
	press: { ground: '#a34400', letter: '#ffffff' },
	security: { ground: '#12263d', letter: '#ffffff' },
	guardian: { ground: '#f2d06b', letter: '#12263d' }
};
const plain = { ground: '#ffffff', letter: '#12263d' };

const svg = (size: number, path: string) =>
	`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;

function cardOf(badge: CodedBadge) {
	const { lang, rtl, fonts } = scriptOf(badge.display_name, badge.country);
	const more = badge.languages.length - most;
	return {
		name: breakable(badge.display_name),
		lang,
		rtl,
		isSquare: ['zh', 'ja', 'ko'].includes(lang),
		fonts,
		words: nameWords(badge.display_name),
		office: badge.office,
		affiliation: badge.affiliation,
		line: joinFacts(badge.line.map((label) => text(label).text)),
		category: categoryWord(badge.category),
		band: bands[badge.category] ?? plain,
		languages: [...badge.languages.slice(0, most).map((tag) => tag.toUpperCase()), ...(more > 0 ? [`+${more}`] : [])],
		photo: badge.no_photographs ? m.ui_no_photographs() : '',
		code: svg(badge.code.size, badge.code.path),
		badge_code: formatBadgeCode(badge.badge_code)
	};
}

/** The data of `badgesTemplate`, in the present language; `origin`: the address of the site, for the inside of a fold. */
export function paperOf(
	badges: readonly CodedBadge[],
	layout: Layout,
	summit: PaperSummit,
	lang: Locale,
	origin: string
) {
	const city = text(summit.city).text;
	return {
		lang,
		title: m.badges_paper_title({ summit: text(summit.name).text }),
		layout: { ...layout, isFolded: layout.isFolded === true, isWide: layout.card[0] > layout.card[1] },
		summit: text(summit.name).text,
		place: [city, dateRange(summit.starts_on, summit.ends_on)].filter((part) => part !== '').join(' · '),
		inside: [
			m.badges_paper_agenda({ url: origin }),
			m.badges_paper_talk({ url: `${origin}/talk` }),
			m.badges_paper_lost()
		],
		fold: m.badges_paper_fold(),
		cards: badges.map(cardOf)
	};
}
