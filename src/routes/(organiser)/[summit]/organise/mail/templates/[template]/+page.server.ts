import { byStatus } from '#lib/database/by-status.ts';
import { list, optionalLines, wholeNumber } from '#lib/forms/fields.ts';
import type { FormResult } from '#lib/forms/parse.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { isLocale, type Locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { editable, faultsOf } from '#lib/mail/editable.ts';
import { templateWord } from '#lib/mail/mailbox.ts';
import { sampleParams } from '#lib/mail/samples.ts';
import { listWordings, saveWording, sendTest } from '#lib/mail/server/wordings.ts';
import { mailRules, defaultWording, writeMail } from '#lib/mail/templates.ts';
import { faultField, faultSentence, glossary } from '#lib/mail/wording-words.ts';
import type { Wording } from '#lib/mail/wording.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

function asked(params: { template: string }, url: URL): { template: string; locale: Locale } {
	const language = url.searchParams.get('language');
	if (!Object.hasOwn(editable, params.template)) error(404, m.ui_not_found());
	return { template: params.template, locale: isLocale(language) ? language : 'en' };
}

/** The mail with sample data; the named cases apply. */
function preview(
	{ template, locale }: { template: string; locale: Locale },
	wording: Wording,
	holding: readonly string[],
	summit: Summit,
	origin: string
) {
	const combination = Object.fromEntries((editable[template] ?? []).map((name) => [name, holding.includes(name)]));
	const context = {
		params: sampleParams(template, combination),
		summit: { ...summit, reply_to: null },
		zone: null,
		origin
	};
	return withLocale(locale, () => writeMail(template, context, locale, wording));
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit } = locals;
	const mail = asked(params, url);
	const all = await listWordings(locals.supabase, summit.id, mail.template);
	if (!all) error(403, m.ui_forbidden());
	const versions = all.filter(({ locale }) => locale === mail.locale);
	const [newest] = versions;
	const own = newest?.subject != null && newest.body != null ? { subject: newest.subject, body: newest.body } : null;
	const ours = withLocale(mail.locale, () => defaultWording(mail.template)) ?? error(404);
	// An earlier version is loaded into the fields, and saved as a new one.
	const shown = versions.find(({ version }) => String(version) === url.searchParams.get('version'));
	const old = shown?.subject != null && shown.body != null ? { subject: shown.subject, body: shown.body } : null;
	const wording = old ?? own ?? ours;
	const rules = mailRules(mail.template) ?? error(404);
	return {
		...mail,
		word: templateWord(mail.template),
		wording,
		ours,
		isOwn: own !== null,
		// Our default may have changed since the text was saved.
		broken: own ? faultsOf(own, rules).map(faultSentence) : [],
		after: newest?.version ?? 0,
		versions,
		shown: shown?.version ?? null,
		glossary: glossary(rules),
		preview: preview(mail, wording, [...rules.conditions], summit, url.origin)
	};
};

const fields = v.object({
	subject: optionalLines(600),
	body: optionalLines(8000),
	after: wholeNumber(0),
	'holding[]': list(v.string())
});

interface Read {
	summit: Summit;
	mail: ReturnType<typeof asked>;
	wording: Wording;
	after: number;
	form: FormResult;
	holding: string[];
}

/** An action with the text in the form, when it has no faults. */
function wordingAction<Answer>(act: (read: Read, event: RequestEvent) => Answer | Promise<Answer>) {
	return formAction(
		'wording',
		fields,
		async ({ subject, body, after, 'holding[]': holding }, event: RequestEvent, form) => {
			const mail = asked(event.params, event.url);
			const wording = { subject: subject.replace(/\r\n?/g, '\n'), body: body.replace(/\r\n?/g, '\n') };
			const rules = mailRules(mail.template) ?? error(404);
			const faults = faultsOf(wording, rules);
			if (faults.length === 0) return act({ summit: event.locals.summit, mail, wording, after, form, holding }, event);
			return new FormRefusal(
				faults.map((fault) => ({ path: faultField(fault), message: faultSentence(fault) })),
				422
			);
		}
	);
}

export const actions: Actions = {
	preview: wordingAction(({ mail, wording, holding, summit, form }, { url }) => ({
		form,
		preview: preview(mail, wording, holding, summit, url.origin)
	})),
	test: wordingAction(async ({ mail, wording, holding, summit, form }, { locals }) => {
		const combination = Object.fromEntries(
			(editable[mail.template] ?? []).map((name) => [name, holding.includes(name)])
		);
		return byStatus(await sendTest(locals.supabase, summit.id, mail, wording, combination), {
			ok: () => ({ form, done: m.mail_test_done() }),
			too_many: () => refuse('', m.mail_test_too_many(), 429),
			invalid: () => refuse('', m.mail_text_invalid(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	save: wordingAction(async ({ mail, wording, after, summit, form }, { locals }) => {
		const ours = withLocale(mail.locale, () => defaultWording(mail.template));
		const same = (one: string | undefined, other: string) => one?.trim() === other.trim();
		if (after === 0 && same(ours?.subject, wording.subject) && same(ours?.body, wording.body))
			return { form, done: m.mail_text_same() };
		const status = await saveWording(locals.supabase, summit.id, { ...mail, after }, wording);
		return answer(status, m.mail_text_saved());
	}),
	ours: formAction('ours', v.object({ after: wholeNumber(0) }), async ({ after }, event) => {
		const { summit } = event.locals;
		const mail = asked(event.params, event.url);
		const status = await saveWording(event.locals.supabase, summit.id, { ...mail, after }, null);
		return answer(status, m.mail_text_restored());
	})
};

function answer(status: Awaited<ReturnType<typeof saveWording>>, done: string) {
	return byStatus(status, {
		ok: () => ({ done, saved: true }),
		unchanged: () => ({ done: m.mail_text_unchanged(), saved: true }),
		stale: () => refuse('', m.mail_text_stale()),
		invalid: () => refuse('', m.mail_text_invalid(), 422),
		not_allowed: () => error(403, m.ui_forbidden())
	});
}
