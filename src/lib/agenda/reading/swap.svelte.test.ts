import { afterEach, expect, it, vi } from 'vitest';
import { isBusy, refresh } from './swap.ts';

afterEach(() => {
	document.body.replaceChildren();
	vi.unstubAllGlobals();
});

const answerWith = (html: string, meanwhile = () => {}) =>
	vi.stubGlobal('fetch', async () => {
		meanwhile();
		return new Response(html);
	});

it('replaces the page by a newer one', async () => {
	document.body.innerHTML = '<main>Before</main>';
	answerWith('<main>After</main>');
	expect(await refresh()).toBe('shown');
	expect(document.querySelector('main')?.textContent).toBe('After');
});

it('leaves the address of a calendar, which is shown only once, although it came while the page was requested', async () => {
	document.body.innerHTML = '<main>Before</main>';
	expect(isBusy()).toBe(false);
	answerWith('<main>After</main>', () => {
		document.body.innerHTML = '<main><input readonly data-once value="https://example.org/calendar/x.ics"></main>';
	});
	expect(await refresh()).toBe('busy');
	expect(isBusy()).toBe(true);
	expect(document.querySelector('input')?.value).toBe('https://example.org/calendar/x.ics');
});
