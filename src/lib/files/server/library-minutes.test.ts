import { expect, test, vi } from 'vitest';
import type { DataClient } from '#lib/database/client.ts';
import type { Meeting, Minutes } from '#lib/database/answers/meetings.ts';
import { putMinutesInLibrary } from './library-minutes.ts';

const body = { original: 'en', en: 'Approved.', fr: 'Approuvé.', ru: 'Утверждено.' };
const meeting = { code: 'MEETING1', end: '2026-03-03T01:00:00Z', group: { name: { original: 'en', en: 'Group' } } };

/** A client that answers as the database does, and the languages whose files were added. */
function fakeClient() {
	const added: string[] = [];
	const rpc = (name: string, values: { language?: string }) => {
		if (name === 'add_library_file') added.push(values.language ?? '');
		const data =
			name === 'add_library_file'
				? { status: 'ok', bytes: 50_000_000 }
				: { status: 'ok', code: 'DRAFT234', item: '7f0c2a54-3b0e-4c58-9d57-5d6a1f6f2f10', title: body, body };
		return Promise.resolve({ data, error: null, status: 200 });
	};
	return { added, client: { rpc } as unknown as DataClient };
}

test('a file that cannot be made is named, and the draft and the other files are there', async () => {
	const { added, client } = fakeClient();
	const minutes = { body, approved_at: '2026-03-21T00:00:00Z' } as unknown as Minutes;
	const fault = vi.fn();
	const answer = await putMinutesInLibrary(
		client,
		meeting as unknown as Meeting,
		minutes,
		fault,
		(...[, , , , language]) =>
			language === 'fr' ? Promise.reject(new Error('This paper cannot be set')) : Promise.resolve('ab'.repeat(16))
	);
	expect(answer).toMatchObject({ status: 'ok', code: 'DRAFT234', missing: ['fr'] });
	expect(added).toEqual(['en', 'ru']);
	expect(fault).toHaveBeenCalledOnce();
});
