import { describe, expect, test } from 'vitest';
import { formatted, inlines, isPageLink, plainText, wrongLinks } from './formatted.ts';

const words = (text: string) => [{ kind: 'text', text }];

test('headings, paragraphs and lists follow each other', () => {
	expect(formatted('# Venue\nThe hall\nby the river\n\n- Tram 4\n- Bus 12\n1. Enter\n### Times\n\nFrom nine')).toEqual([
		{ kind: 'heading', level: 2, line: words('Venue') },
		{ kind: 'paragraph', lines: [words('The hall'), words('by the river')] },
		{ kind: 'list', isOrdered: false, items: [words('Tram 4'), words('Bus 12')] },
		{ kind: 'list', isOrdered: true, items: [words('Enter')] },
		{ kind: 'heading', level: 3, line: words('Times') },
		{ kind: 'paragraph', lines: [words('From nine')] }
	]);
	expect(formatted('\n\n  \n')).toEqual([]);
});

test('a line has strong words and links to pages, sites, addresses and numbers', () => {
	expect(inlines('See **all** of [the agenda](/2027/agenda) or [us](https://example.org/a?b=c).')).toEqual([
		{ kind: 'text', text: 'See ' },
		{ kind: 'strong', text: 'all' },
		{ kind: 'text', text: ' of ' },
		{ kind: 'link', text: 'the agenda', href: '/2027/agenda', isExternal: false },
		{ kind: 'text', text: ' or ' },
		{ kind: 'link', text: 'us', href: 'https://example.org/a?b=c', isExternal: true },
		{ kind: 'text', text: '.' }
	]);
	expect(plainText('## Venue\n\n- **Tram** [4](/x)')).toBe('Venue Tram 4');
});

describe('hostile texts stay what was written', () => {
	test.each([
		'<script>alert(1)</script>',
		'<img src=x onerror=alert(1)>',
		'[a](javascript:alert(1))',
		'[a](JAVASCRIPT:alert`1`)',
		'[a](data:text/html;base64,PHN2Zz4=)',
		'[a](//evil.example)',
		'[a](/\\evil.example)',
		'[a](https://bank.example@evil.example)',
		'[a](vbscript:x)',
		'**',
		'[a]()',
		'[[a](b)](c)'
	])('%s', (text) => {
		const all = formatted(text).flatMap((part) =>
			part.kind === 'heading' ? part.line : part.kind === 'list' ? part.items.flat() : part.lines.flat()
		);
		expect(all.filter(({ kind }) => kind === 'link')).toEqual([]);
		expect(all.map((run) => run.text).join('')).toBe(text);
	});

	test('links that are none are named', () => {
		expect(wrongLinks('[a](javascript:x) [b](/ok) [c](mailto:a@b.example)')).toEqual(['javascript:x']);
		for (const to of ['/', '/2027', 'http://a.example', 'tel:+1(2)3-4', 'mailto:a@b.example?subject=x'])
			expect([to, isPageLink(to)]).toEqual([to, true]);
		for (const to of ['', 'a', '//a', 'http://', 'mailto:a', 'tel:javascript', '/a b', '/a"b'])
			expect([to, isPageLink(to)]).toEqual([to, false]);
	});

	// With work that grows with the square of the length, this would not end.
	test('a long text of unfinished marks is read as it is', () => {
		const text = '['.repeat(200_000) + '**'.repeat(80_000) + '](('.repeat(80_000);
		expect(formatted(text)).toEqual([{ kind: 'paragraph', lines: [[{ kind: 'text', text }]] }]);
	});
});
