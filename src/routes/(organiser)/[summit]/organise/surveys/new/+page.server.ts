import { offeredTimes, surveyKinds } from '#lib/evaluation/forms.ts';
import { saveAction } from '#lib/evaluation/server/settings.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { summit }, url }) => {
	const kind = surveyKinds.find((one) => one === url.searchParams.get('kind')) ?? null;
	return { kind, times: kind && offeredTimes(kind, summit), languages: summit.languages };
};

export const actions: Actions = { default: saveAction };
