import { expect, it } from 'vitest';
import { saveAction } from './settings.ts';

const text = { original: 'en', en: 'How was it?' };
const survey = {
	id: '1',
	kind: 'summit',
	title: text,
	intro: text,
	opens_at: '2026-12-01T00:00:00Z',
	closes_at: '2026-12-02T00:00:00Z',
	state: 'draft',
	hours: null,
	version: 4,
	smallest_group: null,
	questions: [],
	collections: []
};

it('names the version that the page showed, so that nobody who saved meanwhile is overwritten', async () => {
	const versions: unknown[] = [];
	const supabase = {
		rpc: (name: string, values: { version?: number }) => {
			if (name === 'save_survey') versions.push(values.version);
			return Promise.resolve({
				data: name === 'read_survey' ? survey : { status: 'conflict' },
				error: null,
				status: 200
			});
		}
	};
	const body = new URLSearchParams({
		'title.en': 'How was it?',
		kind: 'summit',
		opens_at: '2026-12-01T08:00',
		closes_at: '2026-12-02T08:00',
		version: '3'
	});
	const event = {
		request: new Request('http://localhost/', { method: 'POST', body }),
		params: { summit: 'sum', survey: '1' },
		locals: { supabase, summit: { id: 's', slug: 'sum', zone: 'UTC', languages: ['en'] } }
	};
	expect(await saveAction(event as unknown as Parameters<typeof saveAction>[0])).toMatchObject({ status: 409 });
	expect(versions).toEqual([3]);
});
