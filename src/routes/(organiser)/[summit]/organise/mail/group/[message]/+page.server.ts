import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, wholeNumber } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { isolated, locales, text, type Locale, type TextMap } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number, relative } from '#lib/i18n/time.ts';
import { mailOutcomes, type GroupFilters, type GroupMessage, type MessageReader } from '#lib/mail/group.ts';
import {
	countGroup,
	listMailQuestions,
	listMessages,
	listOutcomes,
	listReaders,
	sendMessage,
	steerMessage
} from '#lib/mail/server/group.ts';
import { writeMail } from '#lib/mail/templates.ts';
import type { Rendered } from '#lib/mail/letter.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const pageSize = 100;

/** The message as readers of each language get it: with the values of one reader, or with none if it has no readers. */
function previews(
	message: GroupMessage,
	summit: Summit,
	origin: string,
	reader: MessageReader | undefined,
	questions: readonly { key: string; label: TextMap }[]
): { locale: Locale; mail: Rendered }[] {
	const { reference, mode } = reader ?? { reference: 'ABCD2345', mode: message.filters.mode || 'in_person' };
	return locales.flatMap((locale) => {
		const wording = message.texts[locale];
		const mail =
			wording &&
			withLocale(locale, () => {
				// In the place of answers, which only their readers get, are the questions.
				const answers = Object.fromEntries(
					questions.map(({ key, label }) => [key, { kind: 'text', choices: [], value: [`[${text(label).text}]`] }])
				);
				const params = { page: message.page, reference, mode, answers };
				const context = { params, summit: { ...summit, reply_to: null }, zone: null, origin };
				return writeMail('group_message', context, locale, wording);
			});
		return mail ? [{ locale, mail }] : [];
	});
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit } = locals;
	const list = await listMessages(locals.supabase, summit.id, params.message);
	const message = list?.messages[0];
	if (!list || !message) error(404, m.ui_not_found());
	const outcome = mailOutcomes.find((known) => known === url.searchParams.get('outcome')) ?? null;
	const page = pageNumber(url.searchParams);
	const asked = (url.searchParams.get('reader') ?? '').trim().toUpperCase();
	const [count, people, member, readers, questions] = await Promise.all([
		message.state === 'draft'
			? countGroup(locals.supabase, summit.id, message.filters as Record<string, string>)
			: null,
		message.state === 'draft'
			? []
			: listOutcomes(locals.supabase, message.id, outcome, pageSize, (page - 1) * pageSize),
		memberName(locals, message.filters),
		listReaders(locals.supabase, message.id, asked),
		listMailQuestions(locals.supabase, summit.id)
	]);
	const reader = asked ? readers.find(({ reference }) => reference === asked) : readers[0];
	return {
		message,
		count,
		member,
		people: people ?? [],
		outcome,
		page,
		pageSize,
		per_minute: list.per_minute,
		asked,
		readers,
		reader: reader?.registration_id ?? null,
		previews: previews(message, summit, url.origin, reader ?? readers[0], questions)
	};
};

async function memberName({ supabase }: App.Locals, filters: Partial<GroupFilters>): Promise<string | null> {
	if (!filters.member) return null;
	const found = await supabase.from('members').select('name').eq('id', filters.member).maybeSingle();
	return (found.data as { name: string } | null)?.name ?? null;
}

const sendSchema = v.object({ after: wholeNumber(1), expected: wholeNumber(0), anyway: checkbox() });
const steerSchema = v.object({ act: v.picklist(['pause', 'resume', 'cancel']) });

export const actions: Actions = {
	send: formAction('send', sendSchema, async (input, { locals, params }, form) => {
		const { summit } = locals;
		const answer = await sendMessage(locals.supabase, params.message, input);
		const refused = (message: string, similar = false) =>
			fail(409, { form: withIssue({ ...form, values: {} }, '', message), similar });
		const done = ({ status }: { status: string }) =>
			`/${summit.slug}/organise/mail/group/${params.message}?done=${status}`;
		return byStatus(answer, {
			ok: done,
			already: done,
			similar: ({ similar: { by, sent_at, shared } }) =>
				refused(
					m.mail_send_similar({
						name: by ? isolated(by) : m.mail_somebody(),
						count: shared,
						shown: number(shared),
						when: relative(sent_at, Date.now())
					}),
					true
				),
			stale: () => refused(m.mail_send_stale()),
			changed: ({ total }) => refused(m.mail_send_changed({ count: total, shown: number(total) })),
			nobody: () => refused(m.mail_send_nobody()),
			not_allowed: notFound
		});
	}),
	steer: formAction('steer', steerSchema, async ({ act }, { locals, params }) => {
		const { summit } = locals;
		const before = await listMessages(locals.supabase, summit.id, params.message);
		const status = await steerMessage(locals.supabase, params.message, act);
		const gone = before?.messages[0]?.state === 'draft';
		return byStatus(status, {
			ok: () => `/${summit.slug}/organise/mail/group${gone ? '' : `/${params.message}?done=${act}`}`,
			wrong_state: () => refuse('', m.mail_steer_changed()),
			not_allowed: notFound
		});
	})
};
