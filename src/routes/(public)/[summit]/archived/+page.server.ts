import { unansweredSurveys } from '#lib/evaluation/server/answering.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { myGuardianship } from '#lib/registration/server/guardians.ts';
import type { PageServerLoad } from './$types';

/** Where the pages of those who took part in an archived Summit lead: what they have of it, and what they may take back. */
export const load: PageServerLoad = async ({ locals }) => {
	const { summit, supabase, viewer } = locals;
	if (summit.state !== 'archived') notFound();
	const guardianship = viewer ? await myGuardianship(supabase, summit.id) : null;
	return {
		surveys: viewer ? await unansweredSurveys(supabase, summit.id) : [],
		minors: (guardianship?.minors ?? []).map(({ registration_id, display_name }) => ({
			registration_id,
			display_name
		})),
		speaks: viewer?.speaks.includes(summit.id) ?? false,
		isRegistered: viewer?.registered.includes(summit.id) ?? false,
		isFocal: viewer?.focal.some(({ summitId }) => summitId === summit.id) ?? false
	};
};
