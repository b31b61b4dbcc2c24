/* In which letters a name is written, so that it is set with the right ones and in the right direction. No I/O. */

/** How typst is told to set a name. */
export interface Script {
	/** BCP 47 tag that chooses between forms of one letter. */
	lang: string;
	rtl: boolean;
	/** Fonts in the order in which they are looked through. */
	fonts: readonly string[];
}

const latin = 'Noto Sans';
const arabic = 'Noto Sans Arabic';
const chinese = 'Noto Sans S Chinese';
const japanese = 'Noto Sans Japanese';
const korean = 'Noto Sans Korean';

/** Of a name; `country` (ISO) decides between the forms that one Han letter has in China, Japan and Korea. */
export function scriptOf(name: string, country: string | null): Script {
	if (/\p{Script=Hangul}/u.test(name) || (country === 'KR' && /\p{Script=Han}/u.test(name)))
		return { lang: 'ko', rtl: false, fonts: [latin, korean, japanese, chinese] };
	if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(name) || (country === 'JP' && /\p{Script=Han}/u.test(name)))
		return { lang: 'ja', rtl: false, fonts: [latin, japanese, chinese, korean] };
	if (/\p{Script=Han}/u.test(name)) return { lang: 'zh', rtl: false, fonts: [latin, chinese, japanese, korean] };
	const first = /\p{Letter}/u.exec(name)?.[0] ?? '';
	const rtl = /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(first);
	return { lang: rtl ? 'ar' : 'en', rtl, fonts: rtl ? [arabic, latin] : [latin, arabic] };
}

const longest = 28;

/** The name with places, in words that are longer than any line, where a line may end. */
export function breakable(name: string): string {
	return name.replace(/[^\s-]+/gu, (word) =>
		[...word].length > longest
			? [...word].map((letter, n) => (n % 14 === 13 ? `${letter}\u200b` : letter)).join('')
			: word
	);
}

/** The words of a name that may not be broken; none where a line may end after any letter. */
export function wordsOf(name: string): string[] {
	return breakable(name)
		.split(/[\s\u200b-]+/)
		.filter((word) => word !== '' && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word));
}
