/** Posts to an address of the site as a page of it does, for the person of this session. */
export function postAs(address: string, cookie: string, body: object | URLSearchParams): Promise<Response> {
	const isForm = body instanceof URLSearchParams;
	return fetch(address, {
		method: 'POST',
		headers: {
			cookie,
			origin: new URL(address).origin,
			accept: 'application/json',
			...(isForm ? { 'x-sveltekit-action': 'true' } : { 'content-type': 'application/json' })
		},
		body: isForm ? body : JSON.stringify(body),
		signal: AbortSignal.timeout(20_000)
	});
}
