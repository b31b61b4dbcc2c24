/* The normal form of names for comparison. The database has the same rules (supabase/schemas/24_safeguarding/names.sql); a test keeps them equal. */

const several: readonly (readonly [string, string])[] = [
	['щ', 'shch'],
	['ш', 'sh'],
	['ч', 'ch'],
	['ц', 'ts'],
	['х', 'kh'],
	['ж', 'zh'],
	['ю', 'yu'],
	['я', 'ya'],
	['є', 'ye'],
	['θ', 'th'],
	['χ', 'ch'],
	['ψ', 'ps'],
	['ش', 'sh'],
	['ث', 'th'],
	['خ', 'kh'],
	['ذ', 'dh'],
	['غ', 'gh'],
	['ة', 'a']
];
const from = [
	..."абвгґдезиіклмнопрстуфыэαβγδεζηικλμνξοπρστυφωςابتجحدرزسصضطظعفقكلمنهويىپچڤگکیъьءʼ'’",
	// Letters without an accent to remove, and the expansion of ligatures.
	...'łøđħŧıŋ'
];
const to = [...'abvggdeziiklmnoprstufyeavgdeziiklmnxoprstyfosabtjhdrzssdtzafqklmnhwyypjvgky'];
const single = new Map(from.map((letter, place) => [letter, to[place] ?? '']));
for (const [letter, plain] of [
	['ł', 'l'],
	['ø', 'o'],
	['đ', 'd'],
	['ħ', 'h'],
	['ŧ', 't'],
	['ı', 'i'],
	['ŋ', 'n'],
	['ß', 'ss'],
	['æ', 'ae'],
	['œ', 'oe'],
	['þ', 'th'],
	['ð', 'd']
] as const)
	single.set(letter, plain);

const particles = new Set('al el de da do dos del di du la le bin ibn ben bint van von der den'.split(' '));

function inLatin(name: string): string {
	let text = name
		.normalize('NFKC')
		.toLowerCase()
		.normalize('NFD')
		.replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, '');
	for (const [characters, latin] of several) text = text.replaceAll(characters, latin);
	return Array.from(text, (letter) => single.get(letter) ?? letter).join('');
}

/** The words of a name: Latin, lower case, sorted, without particles such as "al" and "de". */
function nameTokens(name: string): string[] {
	const words = inLatin(name)
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== '' && !particles.has(word));
	return [...new Set(words)].sort();
}

const shortened: readonly (readonly [string, string])[] = [
	['shch', 's'],
	['sch', 's'],
	['sh', 's'],
	['ch', 's'],
	['sz', 's'],
	['zh', 's'],
	['kh', 'h'],
	['gh', 'g'],
	['ph', 'f'],
	['th', 't'],
	['dh', 'd'],
	['dj', 'j'],
	['x', 'ks'],
	['c', 'k'],
	['q', 'k'],
	['w', 'v'],
	['z', 's']
];

/** The consonants that most spellings of a name's word share. */
function nameSkeleton(token: string): string {
	let text = token;
	for (const [characters, short] of shortened) text = text.replaceAll(characters, short);
	return text.replace(/[aeiouy]/g, '').replace(/(.)\1+/g, '$1') || token;
}

/** The common form of spellings of one name: all of its words, and their consonants. '' for no name. */
export function nameForms(name: string): { key: string; skeleton: string } {
	const tokens = nameTokens(name);
	return { key: tokens.join(' '), skeleton: [...new Set(tokens.map(nameSkeleton))].sort().join(' ') };
}
