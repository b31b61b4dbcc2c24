import { isSentByScript, notFound } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOn, type DraftContent } from '#lib/pages/blocks.ts';
import { draftFrom } from '#lib/pages/draft-form.ts';
import type { PageDraft } from '#lib/pages/page.ts';
import { faultIssues } from '#lib/pages/words.ts';
import type { FormIssue } from '#lib/forms/parse.ts';
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { publishPage, savePage } from './writing.ts';

/** Who saved a page while somebody else was writing. */
export interface Conflict {
	by: string | null;
	at: string;
}

// The form keeps everything that was typed, with the revision that the next act is about.
function refused(
	status: number,
	draft: DraftContent,
	revision: number,
	issues: FormIssue[],
	conflict: Conflict | null = null
) {
	return fail(status, { form: { values: {}, issues }, typed: { draft, revision }, conflict });
}

const tag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

/**
 * The one form of the editor: each of its buttons saves the draft, and then does what it names. Nothing is written over
 * what somebody else saved in the meantime.
 */
export async function editPage({ locals, request, url }: RequestEvent, page: PageDraft, base: string) {
	const data = await request.formData();
	const { draft, issues } = draftFrom(data);
	const revision = Number(data.get('revision'));
	const [act = '', ...rest] = String(data.get('act') ?? 'save').split(':');
	if (issues.length > 0) return refused(422, draft, revision, issues);
	const done = actOn(draft, [act, ...rest].join(':'), page.removed);
	const saved = await savePage(locals.supabase, page.id, revision, done?.draft ?? draft);
	if (saved.status === 'not_found') notFound();
	if (saved.status === 'invalid')
		return refused(422, draft, revision, [{ path: '', message: m.pages_refused_invalid() }]);
	if (saved.status === 'changed') return refused(409, draft, saved.revision, [], { by: saved.by, at: saved.at });
	const beside = act === 'beside' ? (rest[0] ?? '') : (url.searchParams.get('beside') ?? '');
	const at = (query: Record<string, string>, hash = '') =>
		href(`${base}?${new URLSearchParams({ ...(tag.test(beside) && { beside }), ...query })}${hash}`);
	if (act === 'publish') return publish(locals, page, draft, saved.revision, String(data.get('original')), at);
	if (act === 'preview') redirect(303, href(`${base}/preview`));
	if (act === 'upload')
		redirect(303, href(`${base}/files?${new URLSearchParams({ block: rest[0] ?? '', row: rest[1] ?? '' })}`));
	if (act === 'save') {
		if (isSentByScript(request)) return { saved: { revision: saved.revision, at: saved.at } };
		redirect(303, at({ done: 'saved' }));
	}
	redirect(303, at({}, done?.at ? `#field-${done.at}` : ''));
}

async function publish(
	{ supabase }: App.Locals,
	page: PageDraft,
	draft: DraftContent,
	revision: number,
	original: string,
	at: (query: Record<string, string>) => string
) {
	const answer = await publishPage(supabase, page.id, revision);
	switch (answer.status) {
		case 'not_found':
			return notFound();
		case 'changed':
			return refused(409, draft, answer.revision, [], { by: answer.by, at: answer.at });
		case 'incomplete':
			return refused(422, draft, revision, faultIssues(answer.faults, original));
		case 'already':
			return redirect(303, at({ done: 'already' }));
		case 'ok':
			return redirect(303, at({ done: 'published' }));
	}
}
