/* What the kinds of tickets of a file become here: a guess, and what the organiser confirmed. No I/O. */
import type { ImportedFile, RegistrationMapping } from '#lib/database/answers/imports.ts';

/** The categories that an import makes; '' leaves out. */
export const importCategories = [
	'delegate',
	'speaker',
	'guest',
	'staff',
	'crew',
	'interpreter',
	'press',
	'security'
] as const;

const signs: [RegExp, (typeof importCategories)[number]][] = [
	[/press|presse|prensa|media|журнал|пресс|新闻|صحاف|imprensa/iu, 'press'],
	[/speaker|interven|orador|ponente|доклад|演讲|متحدث/iu, 'speaker'],
	[/interpret|dolmetsch|переводч|口译|مترجم/iu, 'interpreter'],
	[/security|sécurit|seguridad|охран|安保|أمن/iu, 'security'],
	[/crew|volunteer|helfer|bénévole|volontari|волонт|志愿|متطوع/iu, 'crew'],
	[/staff|team|personal\b|secretar|персонал|工作人员|موظف/iu, 'staff'],
	[/guest|vip|invit|gast|гост|嘉宾|ضيف/iu, 'guest']
];
const virtual =
	/online|virtual|stream|remote|digital|webinar|en ligne|en línea|виртуал|онлайн|在线|线上|عن بعد|افتراضي/iu;

/** A first guess from the name of a ticket, for the organiser to confirm. */
export function guessPlace(name: string): RegistrationMapping['products'][string] {
	return {
		category: signs.find(([sign]) => sign.test(name))?.[1] ?? 'delegate',
		mode: virtual.test(name) ? 'virtual' : 'in_person'
	};
}

/** What the form of a mapping says about the products of a file; null when it does not fit. */
export function placesFrom(data: FormData, products: ImportedFile['products']): RegistrationMapping['products'] | null {
	const places: RegistrationMapping['products'] = {};
	for (const [at, { name }] of products.entries()) {
		const category = data.get(`category.${at}`);
		const mode = data.get(`mode.${at}`);
		if (category !== '' && !importCategories.some((known) => known === category)) return null;
		if (mode !== 'in_person' && mode !== 'virtual') return null;
		places[name] = { category: String(category), mode };
	}
	return places;
}
