import { page } from 'vitest/browser';
import { createRawSnippet } from 'svelte';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import PageHead from './PageHead.svelte';

const html = (text: string) => createRawSnippet(() => ({ render: () => text }));

it('names the page and its document, and leads back', async () => {
	await render(PageHead, {
		title: 'Add a member',
		back: { to: '/2027/organise/members', label: 'Members' },
		lead: 'By its code.',
		actions: html('<button>Import</button>')
	});
	await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Add a member');
	await expect.element(page.getByRole('link', { name: 'Members' })).toHaveAttribute('href', '/2027/organise/members');
	await expect.element(page.getByText('By its code.')).toBeVisible();
	await expect.element(page.getByRole('button', { name: 'Import' })).toBeVisible();
	expect(document.title).toBe('Add a member · Global Summit');
});

it('keeps what somebody wrote apart, in its own language', async () => {
	await render(PageHead, {
		title: { text: 'Harbour lights', lang: 'en' },
		documentTitle: 'Move: \u2068Harbour lights\u2069'
	});
	const words = page.getByText('Harbour lights').element();
	expect([words.tagName, words.getAttribute('lang')]).toEqual(['BDI', 'en']);
	expect(document.title).toBe('Move: Harbour lights · Global Summit');
});

it('does not tell the window what a page is about that must not be seen', async () => {
	await render(PageHead, { title: 'A concern', documentTitle: '' });
	expect(document.title).toBe('Global Summit');
});

it('belongs to a Summit instead of the platform, and is read out where the page shows what it is', async () => {
	await render(PageHead, { title: 'Badge', within: 'Summit 2027', isUnseen: true });
	await expect.element(page.getByRole('heading', { level: 1, name: 'Badge' })).toBeInTheDocument();
	expect(document.title).toBe('Badge · Summit 2027');
});
