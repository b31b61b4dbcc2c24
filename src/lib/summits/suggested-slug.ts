import { isSlug } from './summit.ts';
import { slugFrom } from './written.ts';

/** A free address for a Summit: the year of its first day, else its name, else a number after it. '' when none fits. */
export function suggestedSlug(name: string, startsOn: string, taken: readonly string[]): string {
	const year = /^\d{4}/.exec(startsOn)?.[0] ?? '';
	const words = slugFrom(name);
	const base = words || year || 'summit';
	const numbered = Array.from({ length: 50 }, (_, at) => `${base.slice(0, 36).replace(/-+$/, '')}-${at + 2}`);
	return [year, words, ...numbered].find((slug) => isSlug(slug) && !taken.includes(slug)) ?? '';
}
