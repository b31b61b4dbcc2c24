import type { Campaign } from '#lib/database/answers/campaigns.ts';
import { formState } from '#lib/forms/state.ts';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import SegmentFields from './SegmentFields.svelte';

it('keeps the region, the country and the group of a draft that are offered no longer', async () => {
	const draft = {
		kind: 'service',
		segment: { recipients: 'people', regions: ['atlantis'], countries: ['DE'], group: 'ended' }
	} as unknown as Campaign;
	await render(SegmentFields, {
		state: formState(undefined),
		counting: '?/count',
		sending: false,
		draft,
		choices: { summits: [], countries: ['KE'], regions: ['africa'], groups: [] },
		count: { people: 0, reachable: 0, unreachable: 0, unsubscribed: 0, languages: {}, members: [] }
	});
	const chosen = (name: string) =>
		[...document.querySelectorAll<HTMLInputElement>(`[name="${name}"]:checked`)].map(({ value }) => value);
	expect([chosen('region[]'), chosen('country[]')]).toEqual([['atlantis'], ['DE']]);
	expect(document.querySelector<HTMLSelectElement>('[name="group"]')?.value).toBe('ended');
});
