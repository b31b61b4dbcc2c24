import { refuse, type FormRefusal } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { chosenKinds } from '../endpoint-form.ts';
import { noAnswerWord, kindGroups } from '../words.ts';
import { checkEndpointUrl, type EndpointForm } from './endpoints.ts';

/** What was entered, with its address checked; why it is refused otherwise. */
export async function readEndpointForm(
	input: { url: string; description: string } & Record<string, unknown>
): Promise<EndpointForm | FormRefusal> {
	const kinds = chosenKinds(input);
	if (kinds.length === 0) return refuse(kindGroups()[0]?.field ?? '', m.webhooks_kinds_missing(), 422);
	const url = await checkEndpointUrl(input.url);
	if (url === 'form') return refuse('url', m.webhooks_url_wrong(), 422);
	if (typeof url === 'string') return refuse('url', noAnswerWord(url), 422);
	return { url: url.href, description: input.description, kinds };
}
