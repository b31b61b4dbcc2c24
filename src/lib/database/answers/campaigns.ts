import { enums } from '#lib/database/types.ts';
import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { Wording } from './mail.ts';
import { TextMap } from './text-map.ts';

/** Whom a campaign means; a list that is missing or empty leaves nobody out, but that of standings: active members and observers. */
export const CampaignSegment = v.strictObject({
	recipients: v.picklist(['focal_points', 'people']),
	sectors: v.optional(v.array(v.picklist(enums.sector))),
	regions: v.optional(v.array(v.string())),
	countries: v.optional(v.array(v.string())),
	standings: v.optional(v.array(v.picklist(enums.standing))),
	/** The id of the Summit for which somebody of them was confirmed. */
	took_part: v.optional(v.string()),
	/** The id of the Summit at which they have nominated nobody. */
	not_nominated: v.optional(v.string()),
	overdue: v.optional(v.boolean()),
	/** The code of the group to which they belong. */
	group: v.optional(v.string())
});
export type CampaignSegment = v.InferOutput<typeof CampaignSegment>;

export const CampaignOutcome = v.picklist([
	'sent',
	'queued',
	'waiting',
	'failed',
	'unreachable',
	'unsubscribed',
	'left',
	'cancelled'
]);
export type CampaignOutcome = v.InferOutput<typeof CampaignOutcome>;

const Outcomes = v.record(CampaignOutcome, v.number());

/** How many people a segment means, in which languages they read, and their members. */
export const CampaignCount = v.strictObject({
	people: v.number(),
	reachable: v.number(),
	unreachable: v.number(),
	unsubscribed: v.number(),
	languages: v.record(v.picklist(locales), v.number()),
	members: v.array(
		v.strictObject({ code: v.string(), name: v.string(), country: v.nullable(v.string()), people: v.number() })
	)
});
export type CampaignCount = v.InferOutput<typeof CampaignCount>;

/** A campaign with its results. */
export const Campaign = v.strictObject({
	id: v.string(),
	title: v.string(),
	kind: v.picklist(enums.campaign_kind),
	summit: v.nullable(v.strictObject({ id: v.string(), slug: v.string(), name: TextMap, zone: v.string() })),
	segment: CampaignSegment,
	texts: v.record(v.picklist(locales), Wording),
	original: v.picklist(locales),
	page: v.string(),
	state: v.picklist(enums.campaign_state),
	version: v.number(),
	send_at: v.nullable(v.string()),
	reminders: v.number(),
	remind_days: v.number(),
	deadline: v.nullable(v.string()),
	round: v.number(),
	round_at: v.nullable(v.string()),
	created_at: v.string(),
	created_by: v.nullable(v.string()),
	started_by: v.nullable(v.string()),
	ended_at: v.nullable(v.string()),
	/** The first mail and each reminder. */
	rounds: v.array(v.strictObject({ round: v.number(), outcomes: Outcomes })),
	/** Whether a mail that failed may be sent again. */
	can_retry: v.boolean(),
	/** How many unsubscribed by a link of it, or reported it as spam. */
	unsubscribed: v.number(),
	/** Of the members that it reached, how many have nominated since; null where it does not ask for that. */
	nominated: v.nullable(v.strictObject({ members: v.number(), since: v.number() }))
});
export type Campaign = v.InferOutput<typeof Campaign>;

/** A campaign in the list, with what came of its first mail. */
export const ListedCampaign = v.strictObject({
	id: v.string(),
	title: v.string(),
	kind: v.picklist(enums.campaign_kind),
	summit: v.nullable(v.strictObject({ id: v.string(), slug: v.string(), name: TextMap, zone: v.string() })),
	state: v.picklist(enums.campaign_state),
	send_at: v.nullable(v.string()),
	outcomes: Outcomes
});
export type ListedCampaign = v.InferOutput<typeof ListedCampaign>;

/** How many people of a member got a mail of a campaign. */
export const CampaignMember = v.strictObject({
	code: v.string(),
	name: v.string(),
	people: v.number(),
	got: v.number(),
	has_nominated: v.nullable(v.boolean())
});
export type CampaignMember = v.InferOutput<typeof CampaignMember>;

/** What the form of a campaign offers. */
export const CampaignChoices = v.strictObject({
	summits: v.array(
		v.strictObject({
			id: v.string(),
			slug: v.string(),
			name: TextMap,
			zone: v.string(),
			state: v.picklist(enums.summit_state)
		})
	),
	countries: v.array(v.string()),
	regions: v.array(v.string()),
	groups: v.array(v.strictObject({ code: v.string(), name: TextMap }))
});
export type CampaignChoices = v.InferOutput<typeof CampaignChoices>;

/** What a reader may do by a link in a mail. */
export const UnsubscribeLink = v.strictObject({ is_out: v.boolean(), can_return: v.boolean() });
export type UnsubscribeLink = v.InferOutput<typeof UnsubscribeLink>;

/** What these functions answer. */
export const answers = {
	count_campaign: v.nullable(CampaignCount),
	save_campaign: answer(
		{
			ok: { id: v.string(), version: v.number() },
			stale: { id: v.string(), version: v.number() },
			wrong_state: { id: v.string() }
		},
		'invalid',
		'not_found'
	),
	start_campaign: answer(
		{
			ok: { people: v.number() },
			changed: { people: v.number() },
			nobody: { people: v.number() },
			similar: { title: v.string() }
		},
		'already',
		'stale',
		'invalid',
		'not_found'
	),
	list_campaigns: v.nullable(v.strictObject({ total: v.number(), campaigns: v.array(ListedCampaign) })),
	read_campaign: v.nullable(v.strictObject({ campaign: Campaign, members: v.array(CampaignMember) })),
	list_campaign_choices: v.nullable(CampaignChoices)
} satisfies Answers;

/** What these functions of `private` answer: their value. */
export const privateAnswers = {
	add_unsubscribe_link: v.boolean(),
	read_unsubscribe_link: v.nullable(UnsubscribeLink)
} satisfies PrivateAnswers;
