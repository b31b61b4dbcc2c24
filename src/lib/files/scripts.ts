/* Scripts that our default fonts lack, and the font for each in PDFs. No I/O. */

// Unicode's names of the scripts of all members' countries. Latin, Greek, Cyrillic, Arabic and those of East Asia have their own fonts; what is
// written in Mongolia today is Cyrillic.
const families = {
	Armenian: 'Noto Sans Armenian',
	Bengali: 'Noto Sans Bengali',
	Devanagari: 'Noto Sans Devanagari',
	Ethiopic: 'Noto Sans Ethiopic',
	Georgian: 'Noto Sans Georgian',
	Gujarati: 'Noto Sans Gujarati',
	Gurmukhi: 'Noto Sans Gurmukhi',
	Hebrew: 'Noto Sans Hebrew',
	Kannada: 'Noto Sans Kannada',
	Khmer: 'Noto Sans Khmer',
	Lao: 'Noto Sans Lao',
	Malayalam: 'Noto Sans Malayalam',
	Myanmar: 'Noto Sans Myanmar',
	Oriya: 'Noto Sans Oriya',
	Sinhala: 'Noto Sans Sinhala',
	Tamil: 'Noto Sans Tamil',
	Telugu: 'Noto Sans Telugu',
	Thaana: 'Noto Sans Thaana',
	Thai: 'Noto Sans Thai',
	Tibetan: 'Noto Serif Tibetan'
};

const scripts = Object.entries(families).map(([script, family]) => ({
	family,
	pattern: new RegExp(`\\p{Script=${script}}`, 'u')
}));

/** The families that a text needs beside our default fonts, always in the same order. */
export function familiesFor(text: string): string[] {
	return scripts.filter(({ pattern }) => pattern.test(text)).map(({ family }) => family);
}

/** The font files of a family, as named in its package. */
export function filesOf(family: string): string[] {
	const folder = `@expo-google-fonts/${family.toLowerCase().replaceAll(' ', '-')}`;
	const name = family.replaceAll(' ', '');
	return ['400Regular', '600SemiBold'].map((cut) => `${folder}/${cut}/${name}_${cut}.ttf`);
}
