import { ofMember } from '#lib/commitments/register.ts';
import { readRegisterFor } from '#lib/commitments/server/register.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { commitments } = await readRegisterFor(locals);
	const own = ofMember(commitments, params.code);
	const member = own.flatMap(({ member, partners }) => [member, ...partners]).find(({ code }) => code === params.code);
	// A member without a commitment that the reader sees is as unknown as any other.
	if (!member) error(404, m.ui_not_found());
	return { member, commitments: own };
};
