/* Campaigns in the secretariat's words. */
import type { Campaign, CampaignChoices, CampaignOutcome, CampaignSegment } from '#lib/database/answers/campaigns.ts';
import { joinLabel, joinStatements, joinWords } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock, number } from '#lib/i18n/time.ts';
import { mailOutcomeWord } from '#lib/mail/group-words.ts';
import { countryName } from '#lib/members/countries.ts';
import { sectorName } from '#lib/members/member.ts';
import { regionName } from '#lib/members/regions.ts';
import { standingWord } from '#lib/members/registry.ts';
import { zoneCity } from '#lib/i18n/time.ts';

/** A state of a campaign. */
export const campaignStateWord = (state: Campaign['state']): string =>
	({
		draft: m.campaigns_state_draft,
		scheduled: m.campaigns_state_scheduled,
		sending: m.campaigns_state_sending,
		sent: m.campaigns_state_sent,
		cancelled: m.campaigns_state_cancelled
	})[state]();

/** The sign of a state. */
export const campaignStateKind = (state: Campaign['state']) =>
	(({ draft: 'draft', scheduled: 'waiting', sending: 'waiting', sent: 'good', cancelled: 'ended' }) as const)[state];

/** A kind of mail. */
export const campaignKindWord = (kind: Campaign['kind']): string =>
	kind === 'news' ? m.campaigns_kind_news() : m.campaigns_kind_service();

/** Who of a member gets it. */
export const recipientsWord = (recipients: CampaignSegment['recipients']): string =>
	recipients === 'people' ? m.campaigns_people() : m.campaigns_focal_points();

/** The label of a page that the button opens. */
export const campaignPageWord = (page: string): string =>
	(
		({
			delegation: m.campaigns_action_delegation,
			agenda: m.mail_action_agenda,
			commitments: m.campaigns_action_commitments,
			groups: m.campaigns_action_groups,
			library: m.campaigns_action_library
		}) as Record<string, () => string>
	)[page]?.() ?? m.mail_page_none();

/** What came of it for somebody. */
export function campaignOutcomeWord(outcome: CampaignOutcome): string {
	if (outcome === 'unsubscribed') return m.campaigns_unsubscribed();
	if (outcome === 'left') return m.campaigns_left();
	if (outcome === 'cancelled') return m.campaigns_stopped_before();
	return mailOutcomeWord(outcome);
}

/** How many people by outcome, in one line. */
export const outcomesLine = (outcomes: Partial<Record<CampaignOutcome, number>>): string =>
	joinStatements(
		(Object.entries(outcomes) as [CampaignOutcome, number][]).map(([outcome, people]) =>
			joinLabel(campaignOutcomeWord(outcome), number(people))
		)
	);

/** A segment in one line. */
export function segmentLine(segment: CampaignSegment, choices: CampaignChoices): string {
	const any = (words: readonly string[]) => joinWords(words, 'disjunction');
	const nameOf = (summit: string | undefined) => {
		const found = choices.summits.find(({ id }) => id === summit);
		return found && text(found.name).text;
	};
	const [tookPart, notNominated] = [nameOf(segment.took_part), nameOf(segment.not_nominated)];
	const group = choices.groups.find(({ code }) => code === segment.group);
	return joinStatements([
		recipientsWord(segment.recipients),
		segment.sectors && any(segment.sectors.map((sector) => sectorName(sector))),
		segment.regions && any(segment.regions.map((region) => regionName(region))),
		segment.countries && any(segment.countries.map((country) => countryName(country))),
		segment.standings && any(segment.standings.map(standingWord)),
		tookPart && joinLabel(m.campaigns_took_part(), tookPart),
		notNominated && joinLabel(m.campaigns_not_nominated(), notNominated),
		segment.overdue && m.campaigns_overdue(),
		group && joinLabel(m.campaigns_group(), text(group.name).text)
	]);
}

/** The zone of a campaign's times: its Summit's, else UTC. */
export const campaignZone = ({ summit }: Pick<Campaign, 'summit'>): string => summit?.zone ?? 'UTC';

/** When a campaign goes out, or went: "Goes out: 8 November, 10:00 (UTC)"; null for one without a time. */
export function sendTimeLine(campaign: Pick<Campaign, 'summit' | 'state' | 'send_at'>): string | null {
	if (!campaign.send_at) return null;
	const label = campaign.state === 'sent' ? m.campaigns_state_sent() : m.campaigns_sends_at();
	return joinLabel(label, campaignTime(campaign, campaign.send_at));
}

/** A time by the clock of the campaign. */
export function campaignTime(campaign: Pick<Campaign, 'summit'>, at: string): string {
	const zone = campaignZone(campaign);
	return `${dayAndClock(at, zone)} (${zoneCity(zone)})`;
}
