import { expect, it } from 'vitest';
import { load } from './+page.server.ts';

const id = '7b0c2f6e-3c1a-4f0e-9d57-0c6f4f7f5a11';

/** The page, where the campaign has this state. */
function open(state: string, method = 'GET') {
	const answers: Record<string, unknown> = {
		list_campaign_choices: { summits: [], groups: [], countries: [] },
		read_campaign: { campaign: { id, state, segment: {}, kind: 'service' }, members: [] },
		count_campaign: null
	};
	const supabase = { rpc: (name: string) => Promise.resolve({ data: answers[name], error: null, status: 200 }) };
	const url = new URL(`http://localhost/community/campaigns/new?draft=${id}`);
	const event = { locals: { supabase }, url, request: new Request(url, { method }) };
	return load(event as unknown as Parameters<typeof load>[0]);
}

it('leads to the page of a campaign that somebody has started meanwhile', async () => {
	await expect(open('sending')).rejects.toMatchObject({ status: 303, location: `/community/campaigns/${id}` });
	expect(await open('draft')).toMatchObject({ draft: { id } });
});

it('answers a form that was sent meanwhile', async () => {
	expect(await open('sending', 'POST')).toMatchObject({ draft: null });
});
