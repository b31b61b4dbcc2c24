import { callPrivate } from '#lib/database/server/pool.ts';
import type { RequestHandler } from '@sveltejs/kit';
import { cursorAfter, pageFrom } from '../cursors.ts';
import { apiLists, type ApiListName } from '../addresses.ts';
import type { ApiScope } from '../scopes.ts';
import { withKey, type ApiRequest } from './requests.ts';
import { answerJson, answerProblem } from './responses.ts';

type Page = { items: unknown[]; next: string | null };
type Read = (hash: Buffer, after: string | null, most: number) => Promise<Page | null | undefined>;

const readers: Record<ApiListName, Read> = {
	agenda: async (...args) => (await callPrivate('api_agenda', args))[0]?.api_agenda,
	sessions: async (...args) => (await callPrivate('api_sessions', args))[0]?.api_sessions,
	speakers: async (...args) => (await callPrivate('api_speakers', args))[0]?.api_speakers,
	commitments: async (...args) => (await callPrivate('api_commitments', args))[0]?.api_commitments,
	documents: async (...args) => (await callPrivate('api_documents', args))[0]?.api_documents,
	members: async (...args) => (await callPrivate('api_members', args))[0]?.api_members,
	registrations: async (...args) => (await callPrivate('api_registrations', args))[0]?.api_registrations,
	'presence/counts': async (...args) => (await callPrivate('api_presence_counts', args))[0]?.api_presence_counts,
	presence: async (...args) => (await callPrivate('api_attendance', args))[0]?.api_attendance
};

/** The handler of a list, in pages. */
export function answerList(name: ApiListName): RequestHandler {
	return withKey(apiLists[name].scope, async (request) => {
		const asked = pageFrom(name, request.url.searchParams);
		if ('invalid' in asked) return answerProblem(request, asked.invalid);
		const page = await readers[name](request.hash, asked.after, asked.most);
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

/** The handler of a list that is short enough for one answer. */
export function readWhole(scope: ApiScope, read: (hash: Buffer) => Promise<unknown>): RequestHandler {
	return withKey(scope, async (request) => {
		if (request.url.searchParams.size > 0) return answerProblem(request, 'invalid_query');
		const found = await read(request.hash);
		return found ? answerJson(request, found) : answerProblem(request, 'key_revoked');
	});
}
