/* The segment of a campaign as its form sends it. No I/O. */
import type { Campaign, CampaignSegment } from '#lib/database/answers/campaigns.ts';
import { enums } from '#lib/database/types.ts';
import type { FormValues } from '#lib/forms/parse.ts';
import { isId } from '#lib/forms/ids.ts';
import { sectors } from '#lib/members/member.ts';

export type { CampaignSegment } from '#lib/database/answers/campaigns.ts';

/** What the secretariat writes. */
export type CampaignFields = Pick<
	Campaign,
	'title' | 'kind' | 'segment' | 'texts' | 'original' | 'page' | 'reminders' | 'remind_days' | 'deadline'
> & {
	summit: string | null;
	/** The id of a new one: a form that is sent twice makes one. */
	form: string | null;
};

/** The pages that the button of a campaign opens; '': no button. */
export const campaignPages = ['', 'delegation', 'agenda', 'commitments', 'groups', 'library'] as const;

/** Reads a segment from what was sent, ignoring invalid values. */
export function segmentFrom(search: URLSearchParams): CampaignSegment {
	const chosen = <Value extends string>(name: string, known: readonly Value[]) =>
		known.filter((value) => search.getAll(name).includes(value));
	const written = (name: string, good: (value: string) => boolean) => search.getAll(name).filter(good);
	const one = (name: string, good: (value: string) => boolean) => written(name, good)[0];
	const parts = {
		sectors: chosen('sector', sectors),
		standings: chosen('standing', enums.standing),
		regions: written('region', (value) => value.length > 0 && value.length <= 60),
		countries: written('country', (value) => /^[A-Z]{2}$/.test(value))
	};
	const group = one('group', (value) => /^[A-Z0-9]{8}$/.test(value));
	const tookPart = one('took_part', isId);
	const notNominated = one('not_nominated', isId);
	return {
		recipients: search.get('recipients') === 'people' ? 'people' : 'focal_points',
		...Object.fromEntries(Object.entries(parts).filter(([, values]) => values.length > 0)),
		...(tookPart !== undefined && { took_part: tookPart }),
		...(notNominated !== undefined && { not_nominated: notNominated }),
		...(Boolean(search.get('overdue')) && { overdue: true }),
		...(group !== undefined && { group })
	};
}

/** Reads what kind of mail a campaign is. */
export const kindFrom = (search: URLSearchParams): 'service' | 'news' =>
	search.get('kind') === 'news' ? 'news' : 'service';

/** What a form has sent of its choices, as segmentFrom reads it. */
export const sentChoices = (values: FormValues): URLSearchParams =>
	new URLSearchParams(
		Object.entries(values).flatMap(([name, sent]) => [sent].flat().map((each) => [name.replace('[]', ''), each]))
	);
