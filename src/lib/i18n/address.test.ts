import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, 'messages');

// These speak of several people: the reader with their colleagues, or all to whom an organiser writes.
const ofSeveral = [
	'logistics_field_for_host_hint',
	'registration_delegation_ask_lead',
	'registration_delegation_done_refused',
	'registration_delegation_not_ours_said',
	'safeguarding_bar_until_hint',
	'summits_setup_announcement_sample_body',
	'summits_setup_announcement_sample_subject'
];

// Words to several readers, without vowel signs. Most imperatives of several look like what others did
// ("choose", "they chose"): only those that differ are here.
const toSeveral = [
	// "You" and "your", but not "how many", "as", "control" and "courts".
	/^(?![وف]?كما?$|(?:.*[بتفلموي])?حا?كم$)\S+كما?$/u,
	// "You have chosen", but not "is done", "seal", "mute" and "is interested".
	/^(?![وفل]?(?:ال)?(?:[يتأنام]?(?:[كهحش]|خا?ت?)|س?[يت])تم)\S{2,}تم(?:و(?:ه|ها|هم|نا|ني))?$/u,
	// "You choose", but not "is", "notes", "keeps", "works together" and "ninety".
	/^[وفل]?س?ت(?!ت?(?:[كدص]|عا)ون|سعون).+ون(?:ه|ها|هم|نا|ني)?$/u,
	// "So that you choose", "do not choose", but not one who deletes, invites or asks.
	/^(?:ل|(?:لا|لم|لن|أن|كي) )ت(?!(?:مح|دع|رج)و[^ا]).+و(?:ا|ه|ها|هم)$/u,
	// "Write", "add".
	/^[وف]?(?:ا(?![تدطنل]).(?![تط])..|اطلب|افتح|اكتب|ان(?:سخ|شر|ظر|قل)|أجيب|أضيف|أعيد|أنشئ)و(?:ا|ه|ها|هم)$/u
];

// A message is a text, or variants of one by plural forms.
function textsOf(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(textsOf);
	if (typeof value === 'object' && value !== null && 'match' in value) return Object.values(value.match ?? {});
	return [];
}

/** Whether a text has a word to several readers, alone or after one that says how a verb is meant. */
function addressesSeveral(text: string): boolean {
	// The sign of the passive stays: "they were added" is otherwise written as "add".
	const plain = text.replaceAll(/(?<!أ)\p{M}/gu, '');
	const words = plain.match(/(?<!\p{L})(?:(?:لا|لم|لن|أن|كي) )?[\p{Script=Arabic}\p{M}]+/gu) ?? [];
	return words.some((phrase) =>
		[phrase, ...phrase.split(' ')].some((word) => toSeveral.some((pattern) => pattern.test(word)))
	);
}

it('addresses one reader in Arabic', () => {
	const found = readdirSync(folder).flatMap((noun) => {
		const messages = JSON.parse(readFileSync(join(folder, noun, 'ar.json'), 'utf8')) as object;
		return Object.entries(messages).flatMap(([key, value]) => (textsOf(value).some(addressesSeveral) ? [key] : []));
	});
	expect(found.sort()).toEqual(ofSeveral);
});

it.each([
	'إجاباتكم محفوظة.',
	'مقترحكم',
	'أصبحتم الآن في الفريق.',
	'ما نشرتموه',
	'ما تختارونه له',
	'لا تكرّروا ما يدل على شخص.',
	'اكتبوا استبيانًا.'
])('knows that «%s» addresses several readers', (text) => {
	expect(addressesSeveral(text)).toBe(true);
});

it.each([
	'إجاباتك محفوظة، كما اخترت.',
	'التحكم',
	'سيتم الحفظ، ويختم الاسم.',
	'قد تكون مغلقة، وتتعاون المنظمات.',
	'قبل أن تدعوهم',
	'الأعضاء الذين رشّحوا وأُضيفوا'
])('knows that «%s» addresses one reader or none', (text) => {
	expect(addressesSeveral(text)).toBe(false);
});
