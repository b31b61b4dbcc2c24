import * as v from 'valibot';
import { expect, test } from 'vitest';
import { pageActs, pageFields, pageSchema } from './pages.ts';

const sent = (body: string) => ({
	'title.en': 'Rules',
	'body.en': body,
	version: '1',
	act: 'publish',
	once: '',
	...Object.fromEntries(
		['fr', 'es', 'pt', 'ru', 'ar', 'zh'].flatMap((tag) => [
			[`title.${tag}`, ''],
			[`body.${tag}`, '']
		])
	)
});

test('a link that readers would see as raw text is refused at its field', () => {
	const right = v.safeParse(pageSchema(null), sent('[the library](/community/library)'));
	expect(right.success && pageFields(right.output, null)).toEqual({
		title: { original: 'en', en: 'Rules' },
		body: { original: 'en', en: '[the library](/community/library)' },
		for_readers: false,
		publish: true
	});
	const wrong = v.safeParse(pageSchema(null), sent('[a](www.example.org)'));
	expect(wrong.issues?.map(({ path, message }) => [path?.[0]?.key, message.includes('www.example.org')])).toEqual([
		['body.en', true]
	]);
});

test('a published page is taken back before it is deleted; pages of an ended group are not moved', () => {
	const shown = { number: 1, title: {}, body: {}, level: 'closed' as const, published_at: '' };
	const acts = (page: Parameters<typeof pageActs>[0], is_ended: boolean) =>
		pageActs(page, { is_ended }).map(({ act }) => act);
	expect(acts({ shown }, false)).toEqual(['withdraw', 'up', 'down']);
	expect(acts({ shown: null }, false)).toEqual(['up', 'down', 'delete']);
	expect([acts({ shown }, true), acts({ shown: null }, true)]).toEqual([['withdraw'], ['delete']]);
});
