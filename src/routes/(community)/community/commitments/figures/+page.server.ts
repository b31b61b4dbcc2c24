import { figuresOf, themesOf } from '#lib/commitments/register.ts';
import { readRegisterFor } from '#lib/commitments/server/register.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const register = await readRegisterFor(locals);
	const { commitments } = register;
	const names = new Map(themesOf(register).map(({ slug, name }) => [slug, name]));
	return { figures: figuresOf(commitments), names: Object.fromEntries(names), count: commitments.length };
};
