/* Text messages, through the HTTP API of any provider: SMS_URL, SMS_AUTHORIZATION and SMS_BODY (.env.example). */

interface Provider {
	url: string;
	authorization: string | null;
	/** What is sent, with {to} and {text}: JSON, or the fields of a form. */
	body: string;
}

/** The provider; null where none is set, and then no text message is sent. */
export function smsProvider(env: NodeJS.ProcessEnv = process.env): Provider | null {
	const [url, body] = [env['SMS_URL'], env['SMS_BODY']];
	if (!url || !body) return null;
	return { url, body, authorization: env['SMS_AUTHORIZATION'] || null };
}

/** The body of one message, with its values escaped for the kind of body. */
export function smsBody(body: string, values: { to: string; text: string }): { type: string; body: string } {
	const isJson = body.trimStart().startsWith('{');
	const escape = isJson ? (value: string) => JSON.stringify(value).slice(1, -1) : encodeURIComponent;
	return {
		type: isJson ? 'application/json' : 'application/x-www-form-urlencoded',
		body: body.replace(/\{(to|text)\}/g, (_, name: 'to' | 'text') => escape(values[name]))
	};
}

/** Sends one message. Gone: the provider refuses the number. */
export async function sendSms(provider: Provider, to: string, text: string): Promise<'sent' | 'gone' | 'failed'> {
	const { type, body } = smsBody(provider.body, { to, text });
	try {
		const answer = await fetch(provider.url, {
			method: 'POST',
			headers: {
				'content-type': type,
				...(provider.authorization !== null && { authorization: provider.authorization })
			},
			body,
			redirect: 'error',
			signal: AbortSignal.timeout(10_000)
		});
		await answer.body?.cancel();
		if (answer.ok) return 'sent';
		return answer.status === 400 || answer.status === 404 || answer.status === 422 ? 'gone' : 'failed';
	} catch {
		return 'failed';
	}
}
