import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { userEvent } from 'vitest/browser';
import type { StageSession } from '#lib/stage/stage.ts';
import EmergencyLevel from './EmergencyLevel.svelte';

const session = (level: StageSession['level']) => ({ id: 'a0000000-0000-4000-8000-000000000001', level });

it('takes two presses of a key, and stays open while live events arrive', async () => {
	const { container, getByRole, rerender } = await render(EmergencyLevel, { session: session('public') });
	container.querySelector('summary')?.focus();
	await userEvent.keyboard('{Enter}');
	const first = getByRole('button', { name: 'Raise to Chatham House' });
	await expect.element(first).toHaveFocus();
	// The same session, read again.
	await rerender({ session: session('public') });
	await expect.element(first).toHaveFocus();
	expect(container.querySelector('details')?.open).toBe(true);
	const form = container.querySelector('form');
	expect(form?.getAttribute('method')?.toLowerCase()).toBe('post');
	expect(form?.getAttribute('action')).toBe('?/emergency');
});

it('offers only stricter levels, and none for a closed session', async () => {
	const { container, getByRole, rerender } = await render(EmergencyLevel, { session: session('chatham_house') });
	container.querySelector('summary')?.click();
	await expect.element(getByRole('button', { name: 'Close the session' })).toBeVisible();
	expect(container.querySelectorAll('button')).toHaveLength(1);
	await rerender({ session: session('closed') });
	expect(container.querySelector('summary')).toBeNull();
});
