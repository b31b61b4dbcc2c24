import { callPrivate } from '#lib/database/server/pool.ts';
import type { RequestHandler } from '@sveltejs/kit';
import { cursorAfter, pageFrom, type AskedPage } from '../cursors.ts';
import { apiLists, type ApiListName } from '../addresses.ts';
import type { ApiScope } from '../scopes.ts';
import { withKey, type ApiRequest } from './requests.ts';
import { answerJson, answerProblem } from './responses.ts';

type Page = { items: unknown[]; next: string | null };
type Read = (hash: Buffer, asked: AskedPage) => Promise<Page | null | undefined>;

const readers: Record<ApiListName, Read> = {
	agenda: async (hash, { after, most }) => (await callPrivate('api_agenda', [hash, after, most]))[0]?.api_agenda,
	sessions: async (hash, { after, most }) => (await callPrivate('api_sessions', [hash, after, most]))[0]?.api_sessions,
	speakers: async (hash, { after, most }) => (await callPrivate('api_speakers', [hash, after, most]))[0]?.api_speakers,
	commitments: async (hash, { after, most }) =>
		(await callPrivate('api_commitments', [hash, after, most]))[0]?.api_commitments,
	documents: async (hash, { after, most, filters }) =>
		(await callPrivate('api_documents', [hash, after, most, filters]))[0]?.api_documents,
	members: async (hash, { after, most }) => (await callPrivate('api_members', [hash, after, most]))[0]?.api_members,
	registrations: async (hash, { after, most, filters }) =>
		(await callPrivate('api_registrations', [hash, after, most, filters]))[0]?.api_registrations,
	'presence/counts': async (hash, { after, most }) =>
		(await callPrivate('api_presence_counts', [hash, after, most]))[0]?.api_presence_counts,
	presence: async (hash, { after, most, filters }) =>
		(await callPrivate('api_attendance', [hash, after, most, filters]))[0]?.api_attendance
};

/** The handler of a list, in pages. */
export function answerList(name: ApiListName): RequestHandler {
	return withKey(apiLists[name].scope, async (request) => {
		const asked = pageFrom(name, request.url.searchParams);
		if ('invalid' in asked) return answerProblem(request, asked.invalid);
		const page = await readers[name](request.hash, asked);
		// The key was revoked after the request began.
		if (!page) return answerProblem(request, 'key_revoked');
		return answerPage(request, name, page);
	});
}

function answerPage(request: ApiRequest, name: ApiListName, page: Page): Response {
	const next = page.next === null ? null : cursorAfter(name, page.next);
	if (next !== null) {
		const address = new URL(request.url);
		address.searchParams.set('cursor', next);
		request.headers.set('link', `<${address.pathname}${address.search}>; rel="next"`);
	}
	return answerJson(request, { ...page, next });
}

/** The handler of a list that is short enough for one answer. It reads nothing without a usable key, and a status where the maker of the key may not. */
export function readWhole(scope: ApiScope, read: (hash: Buffer) => Promise<object | null | undefined>): RequestHandler {
	return withKey(scope, async (request) => {
		if (request.url.searchParams.size > 0) return answerProblem(request, 'invalid_query');
		const found = await read(request.hash);
		if (!found) return answerProblem(request, 'key_revoked');
		return 'status' in found ? answerProblem(request, 'maker_not_allowed') : answerJson(request, found);
	});
}
