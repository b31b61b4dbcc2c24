import { filtered, filtersFrom, onPage, themesOf } from '#lib/commitments/register.ts';
import { hasCommitmentWork, readOwnCommitments } from '#lib/commitments/server/commitments.ts';
import { readRegisterFor } from '#lib/commitments/server/register.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const filters = filtersFrom(url.searchParams);
	const [register, own, checks] = await Promise.all([
		readRegisterFor(locals),
		locals.viewer ? readOwnCommitments(locals.supabase) : null,
		locals.viewer ? hasCommitmentWork(locals.supabase) : false
	]);
	const summits = new Map(register.commitments.map(({ summit }) => [summit.slug, summit.name]));
	return {
		themes: themesOf(register),
		all: register.commitments.length,
		regions: [...new Set(register.commitments.map(({ member }) => member.region))].filter(Boolean).sort(),
		summits: [...summits].map(([slug, name]) => ({ slug, name })),
		...onPage(filtered(register.commitments, filters), url.searchParams),
		filters,
		drafts: (own?.members.length ?? 0) > 0,
		checks
	};
};
