import { expect, test } from 'vitest';
import { linkLimit, linkLines, linksFromForm, shownLink, webAddress, type SessionLink } from './links.ts';

const link = (url: string, title = '', kind: SessionLink['kind'] = 'link'): SessionLink => ({ url, title, kind });

/** A form as a browser sends it: some rows filled in, the rest empty. */
function sent(rows: Record<string, string>[]) {
	const fields = rows.flatMap((row, at) => Object.entries(row).map(([name, value]) => [`link.${at}.${name}`, value]));
	return linksFromForm({ links: String(rows.length), ...Object.fromEntries(fields) });
}

test.each([
	['https://a.example/x?y#z', 'https://a.example/x?y#z'],
	['http://a.example', 'http://a.example/'],
	['HTTPS://A.example/ü', 'https://a.example/%C3%BC'],
	['https://a.example/\u202Egpj.exe', 'https://a.example/%E2%80%AEgpj.exe'],
	['https://bücher.example/', 'https://xn--bcher-kva.example/'],
	['java\nscript:alert(1)', ''],
	['javascript:alert(1)', ''],
	['data:text/html,x', ''],
	['mailto:a@a.example', ''],
	['//a.example', ''],
	['https://bank.example@evil.example/', ''],
	['https://:secret@evil.example/', ''],
	['https://', ''],
	['', '']
])('%j is the address %j', (written, address) => {
	expect(webAddress(written)).toBe(address);
});

test.each([
	[link('https://a.example/x', 'The paper'), { text: 'The paper', host: 'a.example' }],
	[link('https://a.example:8443/', 'The paper'), { text: 'The paper', host: 'a.example:8443' }],
	[link('https://a.example/x/'), { text: 'a.example/x', host: '' }],
	[
		link('https://www.a.example/x', 'See https://a.example/x'),
		{ text: 'See https://a.example/x', host: 'www.a.example' }
	],
	[link('https://evil.example/', 'https://bank.example/login'), { text: 'evil.example', host: '' }],
	[link('https://evil.example/', 'www.bank.example'), { text: 'evil.example', host: '' }],
	[link('https://evil.example/', 'HTTP:\\\\bank.example'), { text: 'evil.example', host: '' }],
	[link('https://evil.example/', 'https://'), { text: 'evil.example', host: '' }]
])('of %o a reader sees where it leads', (one, shown) => {
	expect(shownLink(one)).toEqual(shown);
});

test('adds, changes and removes links, and keeps them when the form has no fields for them', () => {
	const stored = { title: 'Kept', url: 'https://a.example/', kind: 'attachment', place: '1' };
	const gone = { title: 'Gone', url: 'javascript:alert(1)', remove: 'yes', place: '2' };
	expect(sent([stored, gone, { title: ' New\u2028one ', url: 'b.example:8080/x' }, { title: '', url: '' }])).toEqual({
		links: [link('https://a.example/', 'Kept', 'attachment'), link('https://b.example:8080/x', 'New one')],
		issues: []
	});
	expect(sent([stored, stored, { url: 'https://a.example/', title: 'Kept' }]).links).toHaveLength(2);
	expect(linksFromForm({ title: 'x' })).toEqual({ links: undefined, issues: [] });
	expect(sent([{ title: '', url: '' }])).toEqual({ links: [], issues: [] });
});

test.each([
	['3 to the front', [1, 2, 1], 'cabz'],
	['1 to the end', [3, 2, 3], 'bcaz'],
	['1 and 2 swapped', [2, 1, 3], 'bacz'],
	['all turned round', [3, 2, 1], 'cbaz'],
	['nothing', [1, 2, 3], 'abcz'],
	['beyond the end', [99, 2, 3], 'bcza']
])('places: %s', (_, places, order) => {
	const rows = places.map((place, at) => ({ url: `https://${'abc'[at] ?? ''}.example/`, place: String(place) }));
	const { links = [] } = sent([...rows, { url: 'z.example' }]);
	expect(links.map(({ url }) => url.charAt(8)).join('')).toBe(order);
});

test.each([
	['no address', { title: 'Only text', url: '' }, 'link.0.url'],
	['a script', { url: 'javascript:alert(1)' }, 'link.0.url'],
	['data', { url: 'data:text/html,x' }, 'link.0.url'],
	['no host', { url: 'word' }, 'link.0.url'],
	['a user', { url: 'https://bank.example@evil.example' }, 'link.0.url'],
	['a long address', { url: `https://a.example/${'x'.repeat(linkLimit.url)}` }, 'link.0.url'],
	['a long text', { url: 'a.example', title: 'x'.repeat(linkLimit.title + 1) }, 'link.0.title']
])('%s is said at its field', (_, row, path) => {
	expect(sent([row]).issues.map((issue) => issue.path)).toEqual([path]);
});

test('refuses too many links as a whole, however many rows are sent', () => {
	const rows = (count: number, more = '') =>
		Array.from({ length: count }, (_, at) => ({ url: `https://a.example/${at}${more}` }));
	expect(sent(rows(linkLimit.links)).issues).toEqual([]);
	expect(sent(rows(linkLimit.links + 1)).issues.map(({ path }) => path)).toEqual(['']);
	expect(sent(rows(10, 'x'.repeat(1600))).issues.map(({ path }) => path)).toEqual(['']);
	const many = linksFromForm({ links: '100000', 'link.0.url': 'a.example', 'link.200.url': 'b.example' });
	expect(many).toEqual({ links: [link('https://a.example/')], issues: [] });
});

test('writes each link as a line of text', () => {
	expect(linkLines([link('https://a.example/', 'A'), link('https://b.example/')])).toBe(
		'A https://a.example/\nhttps://b.example/'
	);
});
