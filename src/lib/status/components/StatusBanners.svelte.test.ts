import { page } from 'vitest/browser';
import { expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import type { Banner } from '#lib/status/notices.ts';
import StatusBanners from './StatusBanners.svelte';

const live = vi.hoisted(() => ({ onEvent: (_: { kind: string }) => undefined as void }));
vi.mock('#lib/live/events.svelte.ts', () => ({
	subscribeToTopics: (_: unknown, onEvent: typeof live.onEvent) => (live.onEvent = onEvent)
}));
vi.mock('#lib/ui/clock.svelte.ts', () => ({ pageClock: () => ({ now: Date.now(), catchUp: () => undefined }) }));

const banner: Banner = {
	id: 'a',
	severity: 'major',
	summit_id: 's',
	original: 'en',
	texts: { en: { title: 'Payments are away', body: 'We look for the cause.' } },
	starts_at: '2026-01-01T00:00:00Z',
	ends_at: null,
	resolved_at: null
};

it('keeps a new banner when a load of the page that began before it brings none', async () => {
	const asked = vi.spyOn(window, 'fetch').mockImplementation(() => Promise.resolve(Response.json([banner])));
	const { rerender } = await render(StatusBanners, { banners: [], summit: 's', isSignedIn: true });
	live.onEvent({ kind: 'status' });
	await expect.element(page.getByText('We look for the cause.')).toBeVisible();
	await rerender({ banners: [] });
	await expect.poll(() => asked.mock.calls.length).toBe(2);
	await expect.element(page.getByText('We look for the cause.')).toBeVisible();
});
