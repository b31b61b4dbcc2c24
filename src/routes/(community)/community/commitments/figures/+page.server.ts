import { figuresOf } from '#lib/commitments/register.ts';
import { readRegisterFor } from '#lib/commitments/server/register.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { themes, commitments } = await readRegisterFor(locals);
	const names = new Map([...commitments.map(({ theme }) => theme), ...themes].map(({ slug, name }) => [slug, name]));
	return { figures: figuresOf(commitments), names: Object.fromEntries(names), count: commitments.length };
};
