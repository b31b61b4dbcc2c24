import { placeOf, roomsIn } from '#lib/agenda/place.ts';
import { readAgenda } from '#lib/agenda/server/cache.ts';
import { drawCode } from '#lib/door/server/picture.ts';
import { requireSurvey } from '#lib/evaluation/server/surveys.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { Slot } from '#lib/agenda/session.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { href } from '#lib/i18n/locale.ts';
import { clockRange, day } from '#lib/i18n/time.ts';
import type { PageServerLoad } from './$types';

/** A sheet for each released session that the reader sees, in the order of the agenda. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
	const survey = await requireSurvey(locals, params.survey);
	if (survey.kind !== 'session') notFound();
	const { sessions } = await readAgenda(locals, locals.summit.id);
	const place = placeOf(locals.summit, null);
	const slotWords = (slot: Slot) =>
		joinFacts([day(slot.start, place.zone), clockRange(slot.start, slot.end, place.zone), roomsIn(slot, place)]);
	return {
		survey: { id: survey.id, title: survey.title },
		sheets: sessions
			.filter((session) => !session.is_break && !session.is_cancelled)
			.map(({ code, title, slots }) => {
				const address = url.origin + href(`/${params.summit}/feedback/${code}`);
				return { code, title, address, places: slots.map(slotWords), picture: drawCode(address) };
			})
	};
};
