import { ofMember } from '#lib/commitments/register.ts';
import { readMemberPage } from '#lib/commitments/server/commitments.ts';
import { readRegisterFor } from '#lib/commitments/server/register.ts';
import { m } from '#lib/i18n/messages.ts';
import { listTiedDocuments } from '#lib/library/server/library.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const [member, { commitments }, documents] = await Promise.all([
		readMemberPage(locals.supabase, params.code),
		readRegisterFor(locals),
		listTiedDocuments(locals.supabase, 'member', params.code)
	]);
	// A member without a commitment or document that the reader sees is as unknown as any other.
	if (!member) error(404, m.ui_not_found());
	const own = ofMember(commitments, params.code);
	// As it is named in its commitments: as of their Summit.
	const named = own.flatMap(({ member, partners }) => [member, ...partners]).find(({ code }) => code === params.code);
	return { member: named ?? member, commitments: own, documents };
};
