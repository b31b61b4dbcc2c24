import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { pageOf, textParam, type MailContext } from '../context.ts';
import type { Letter, MailPart } from '../letter.ts';

function button(context: MailContext): MailPart[] {
	const { origin, summit } = context;
	const pages: Record<string, { label: () => string; url: string }> = {
		...(summit && {
			delegation: { label: m.campaigns_action_delegation, url: pageOf(context, '/delegation') },
			agenda: { label: m.mail_action_agenda, url: pageOf(context, '/agenda') }
		}),
		commitments: { label: m.campaigns_action_commitments, url: `${origin}${href('/community/commitments/own')}` },
		groups: { label: m.campaigns_action_groups, url: `${origin}${href('/community/groups')}` },
		library: { label: m.campaigns_action_library, url: `${origin}${href('/community/library')}` }
	};
	const page = textParam(context, 'page');
	const found = Object.hasOwn(pages, page) ? pages[page] : undefined;
	return found ? [{ kind: 'action', label: found.label(), url: found.url }] : [];
}

/** A campaign: the secretariat's text, our button, why the reader gets it and, for news, how they unsubscribe. */
export function campaign(context: MailContext): Letter {
	const url = textParam(context, 'unsubscribe');
	const why =
		textParam(context, 'kind') === 'news'
			? m.campaigns_mail_news_why({ url: url || `${context.origin}${href('/account')}` })
			: m.campaigns_mail_service_why();
	return {
		subject: '',
		parts: button(context),
		foot: context.params['test'] === true ? [m.mail_test_why(), why] : [why]
	};
}
