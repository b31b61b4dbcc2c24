import { list, optionalLines, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { formAction } from '#lib/forms/server/action.ts';
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
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

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

async function read(event: { request: Request; params: { template: string }; url: URL; locals: App.Locals }) {
	const { summit } = event.locals;
	const mail = asked(event.params, event.url);
	const parsed = parseForm(await event.request.formData(), fields, 'wording');
	if (!parsed.ok) return { ok: false as const, form: parsed.form };
	const { subject, body, after } = parsed.output;
	const wording = { subject: subject.replace(/\r\n?/g, '\n'), body: body.replace(/\r\n?/g, '\n') };
	const rules = mailRules(mail.template) ?? error(404);
	const form = faultsOf(wording, rules).reduce<FormResult>(
		(all, fault) => withIssue(all, faultField(fault), faultSentence(fault)),
		parsed.form
	);
	if (form.issues.length > 0) return { ok: false as const, form };
	return { ok: true as const, summit, mail, wording, after, form, holding: parsed.output['holding[]'] };
}

export const actions: Actions = {
	preview: async (event) => {
		const asked = await read(event);
		if (!asked.ok) return fail(422, { form: asked.form });
		const { mail, wording, holding, summit, form } = asked;
		return { form, preview: preview(mail, wording, holding, summit, event.url.origin) };
	},
	test: async (event) => {
		const asked = await read(event);
		if (!asked.ok) return fail(422, { form: asked.form });
		const { mail, wording, holding, summit, form } = asked;
		const combination = Object.fromEntries(
			(editable[mail.template] ?? []).map((name) => [name, holding.includes(name)])
		);
		const status = await sendTest(event.locals.supabase, summit.id, mail, wording, combination);
		if (status === 'not_allowed') error(403, m.ui_forbidden());
		if (status !== 'ok')
			return fail(429, {
				form: withIssue(form, '', 'You have sent yourself ten tests. Wait a few minutes, then go on.')
			});
		return { form, done: 'A test is on its way to your own address. It is not saved by that.' };
	},
	save: async (event) => {
		const asked = await read(event);
		if (!asked.ok) return fail(422, { form: asked.form });
		const { mail, wording, after, summit, form } = asked;
		const ours = withLocale(mail.locale, () => defaultWording(mail.template));
		const same = (one: string | undefined, other: string) => one?.trim() === other.trim();
		if (after === 0 && same(ours?.subject, wording.subject) && same(ours?.body, wording.body))
			return { form, done: 'These are our words already; nothing was saved.' };
		const status = await saveWording(event.locals.supabase, summit.id, { ...mail, after }, wording);
		return answer(status, form, 'Saved. Mails from now on have these words.');
	},
	ours: formAction('ours', v.object({ after: wholeNumber(0) }), async ({ after }, event, form) => {
		const { summit } = event.locals;
		const mail = asked(event.params, event.url);
		const status = await saveWording(event.locals.supabase, summit.id, { ...mail, after }, null);
		return answer(status, { ...form, values: {} }, 'Mails from now on have our words again.');
	})
};

function answer(status: Awaited<ReturnType<typeof saveWording>>, form: FormResult, done: string) {
	if (status === 'not_allowed') error(403, m.ui_forbidden());
	if (status === 'stale')
		return fail(409, {
			form: withIssue(
				form,
				'',
				'Somebody saved this text meanwhile. What you wrote is still here: open the newest version below, compare, then save again.'
			)
		});
	if (status === 'invalid') return fail(422, { form: withIssue(form, '', 'This text cannot be saved.') });
	return { done: status === 'unchanged' ? 'Nothing has changed.' : done, saved: true };
}
