import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isolate, momentParam, pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

function aboutSurvey(context: MailContext, subject: string, body: string): Letter {
	return {
		subject,
		parts: [
			paragraph(body),
			paragraph(m.mail_survey_anonymous({ until: momentParam(context, 'until') ?? '' })),
			{
				kind: 'action',
				label: m.mail_survey_action(),
				url: pageOf(context, `/surveys/${textParam(context, 'survey')}`)
			}
		],
		foot: [m.mail_survey_why({ summit: isolate(summitName(context)) })]
	};
}

const titleOf = ({ params }: MailContext) => isolate(text((params['title'] ?? {}) as TextMap).text);

/** To everybody who is confirmed: a survey is open. */
export function surveyInvited(context: MailContext): Letter {
	const [title, summit] = [titleOf(context), isolate(summitName(context))];
	return aboutSurvey(context, m.mail_survey_invited_subject({ title }), m.mail_survey_invited_body({ title, summit }));
}

/** To those of them who have not answered, once. */
export function surveyReminder(context: MailContext): Letter {
	const [title, summit] = [titleOf(context), isolate(summitName(context))];
	return aboutSurvey(
		context,
		m.mail_survey_reminder_subject({ title }),
		m.mail_survey_reminder_body({ title, summit })
	);
}
