/* The script of a name, so that it is set with the right font and in the right direction. No I/O. */
import { familiesFor } from '#lib/files/scripts.ts';

/** How typst sets a name. */
interface Script {
	/** BCP 47 tag that selects between forms of one letter. */
	lang: string;
	rtl: boolean;
	/** Fonts in the order of preference. */
	fonts: readonly string[];
}

const latin = 'Noto Sans';
const arabic = 'Noto Sans Arabic';
const chinese = 'Noto Sans S Chinese';
const japanese = 'Noto Sans Japanese';
const korean = 'Noto Sans Korean';

// Where one language dominates a script, its letter forms and marks are used.
const languages: readonly (readonly [RegExp, string])[] = [
	[/\p{Script=Thai}/u, 'th'],
	[/\p{Script=Lao}/u, 'lo'],
	[/\p{Script=Khmer}/u, 'km'],
	[/\p{Script=Myanmar}/u, 'my'],
	[/\p{Script=Hebrew}/u, 'he'],
	[/\p{Script=Thaana}/u, 'dv']
];

/** The script of a name; `country` (ISO) selects between the forms of a Han letter in China, Japan and Korea. */
export function scriptOf(name: string, country: string | null): Script {
	if (/\p{Script=Hangul}/u.test(name) || (country === 'KR' && /\p{Script=Han}/u.test(name)))
		return { lang: 'ko', rtl: false, fonts: [latin, korean, japanese, chinese] };
	if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(name) || (country === 'JP' && /\p{Script=Han}/u.test(name)))
		return { lang: 'ja', rtl: false, fonts: [latin, japanese, chinese, korean] };
	if (/\p{Script=Han}/u.test(name)) return { lang: 'zh', rtl: false, fonts: [latin, chinese, japanese, korean] };
	const first = /\p{Letter}/u.exec(name)?.[0] ?? '';
	const families = familiesFor(name);
	const [, lang] = languages.find(([pattern]) => pattern.test(first)) ?? [];
	if (/[\p{Script=Hebrew}\p{Script=Thaana}]/u.test(first))
		return { lang: lang ?? 'he', rtl: true, fonts: [...families, latin, arabic] };
	const rtl = /\p{Script=Arabic}/u.test(first);
	return { lang: rtl ? 'ar' : (lang ?? 'en'), rtl, fonts: [...(rtl ? [arabic, latin] : [latin, arabic]), ...families] };
}

const longest = 28;

// Thai, Lao, Khmer and Burmese have no spaces between words.
const unspaced = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const segments = (segmenter: Intl.Segmenter, text: string) =>
	[...segmenter.segment(text)].map(({ segment }) => segment);

function breaksIn(word: string): string {
	if (unspaced.test(word)) return segments(new Intl.Segmenter('th', { granularity: 'word' }), word).join('\u200b');
	// A letter stays with its combining marks.
	const characters = segments(graphemes, word);
	if (characters.length <= longest) return word;
	return characters.map((letter, n) => (n % 14 === 13 ? `${letter}\u200b` : letter)).join('');
}

/** The name with possible line breaks: in words that are longer than any line, and where a script has no spaces. */
export function breakable(name: string): string {
	return name.replace(/[^\s-]+/gu, breaksIn);
}

/** The words of a name that may not be broken; none where a line may end after any letter. */
export function nameWords(name: string): string[] {
	return breakable(name)
		.split(/[\s\u200b-]+/)
		.filter((word) => word !== '' && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word));
}
