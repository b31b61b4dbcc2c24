import { clientOf } from '#lib/accounts/client-address.ts';
import { checkbox, requiredLines, sentForm } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { helplineCountries } from '#lib/safeguarding/helplines.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { raiseConcern, summitForConcerns } from './concerns.ts';

/** What the page of support shows: the Summit's contacts, and the numbers of the chosen country, at first the venue's. */
export function supportPage({ locals, url, params }: RequestEvent) {
	const summit = locals.shownSummit;
	const asked = url.searchParams.get('country') ?? summit?.country ?? '';
	return {
		contacts: summit?.contacts ?? null,
		rooms: summit?.rooms ?? [],
		country: helplineCountries.includes(asked) ? asked : null,
		slug: params['summit'] ?? null
	};
}

/** Who reads what is written on the page of the form. */
export async function writePage({ locals, params, setHeaders, url }: RequestEvent) {
	setHeaders({ 'cache-control': 'no-store' });
	const summit = locals.shownSummit;
	return {
		isRead: summit !== null || (await summitForConcerns()) !== null,
		readers: text(summit?.name).text,
		slug: params['summit'] ?? null,
		isSignedIn: locals.viewer?.personId != null,
		origin: url.origin
	};
}

const schema = v.object({
	form: sentForm(),
	words: requiredLines(4000, m.stage_run_report_missing),
	lead: checkbox(),
	anonymous: checkbox()
});

/** The form of a concern outside of a stage. `forOther`: the reader writes it down for somebody else. */
export const writeAction = (forOther = false) =>
	formAction(schema, async ({ form, words, lead, anonymous }, event: RequestEvent) => {
		const { locals } = event;
		const person = locals.viewer?.personId ?? null;
		const summit = locals.shownSummit?.id ?? (await summitForConcerns());
		if (summit === null) return refuse('', m.safeguarding_write_none());
		const code = await raiseConcern(
			{
				form,
				summit,
				session: null,
				run: null,
				reporter: anonymous || forOther ? null : person,
				takenBy: forOther ? person : null,
				words,
				about: [],
				isAboutLead: lead
			},
			{ person, client: clientOf(event) }
		);
		return { code };
	});

const onStage = v.object({
	form: sentForm(),
	words: requiredLines(4000, m.stage_run_report_missing),
	anonymous: checkbox(),
	'about[]': v.optional(v.pipe(v.array(v.string()), v.maxLength(200)), []),
	lead: checkbox()
});

/** A concern about the session that is on in a room, which `stageOf` reads; null where the reader sees no such room. */
export const stageConcernAction = <Event extends RequestEvent>(
	stageOf: (event: Event) => Promise<{ session: { id: string } | null; run: { id: string } | null } | null>
) =>
	formAction('concern', onStage, async ({ form, words, anonymous, lead, 'about[]': about }, event: Event) => {
		const { summit, viewer } = event.locals;
		const stage = await stageOf(event);
		if (!stage) notFound();
		const person = viewer?.personId ?? null;
		const code = await raiseConcern(
			{
				form,
				summit: summit.id,
				session: stage.session?.id ?? null,
				run: stage.run?.id ?? null,
				reporter: anonymous ? null : person,
				takenBy: null,
				words,
				about,
				isAboutLead: lead
			},
			{ person, client: clientOf(event) }
		);
		return { code };
	});
