import { expect, test } from 'vitest';
import { sentFrom, written } from './resending.ts';

test('reads a form in its order, and keeps only the names of its files', () => {
	const data = new FormData();
	data.append('id', '11111111-1111-4111-8111-111111111111');
	data.append('abstract', ' Two lines\r\nof <b>text</b> ');
	data.append('languages[]', 'en');
	data.append('languages[]', 'fr');
	data.append('slides', new File(['x'], 'slides.pdf'));
	data.append('portrait', new File([], ''));
	const sent = sentFrom(data);
	expect(sent).toEqual({
		fields: [
			{ name: 'id', value: '11111111-1111-4111-8111-111111111111' },
			{ name: 'abstract', value: ' Two lines\r\nof <b>text</b> ' },
			{ name: 'languages[]', value: 'en' },
			{ name: 'languages[]', value: 'fr' }
		],
		files: ['slides.pdf']
	});
	expect(written(sent)).toEqual(['Two lines\r\nof <b>text</b>']);
});
