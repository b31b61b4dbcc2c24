/** Sends a form to an action of a page without leaving the page. Rejects without a network; the answer is for `deserialize`. */
export function postAction(
	action: string,
	body: FormData,
	options: Pick<RequestInit, 'keepalive' | 'signal'> = {}
): Promise<Response> {
	const headers = { accept: 'application/json', 'x-sveltekit-action': 'true' };
	return fetch(action, { method: 'POST', body, headers, ...options });
}
