/* Requests of a browser without script, as the measurements of a rush send them. */
import http from 'node:http';
import https from 'node:https';

/** The module that speaks the protocol of an address. */
export const clientFor = (address: string | URL): typeof http | typeof https =>
	new URL(address).protocol === 'https:' ? https : http;

/** What a page answered. */
export interface Answer {
	status: number;
	location: string;
	body: string;
}

/** Asks for a page, or sends a form to it, with a session's cookies. */
export function send(url: URL, cookie: string, form?: Record<string, string>): Promise<Answer> {
	const sent = form && new URLSearchParams(form).toString();
	return new Promise((done, fail) => {
		const asked = clientFor(url).request(
			url,
			{
				method: sent === undefined ? 'GET' : 'POST',
				headers: {
					cookie,
					accept: 'text/html',
					origin: url.origin,
					...(sent !== undefined && {
						'content-type': 'application/x-www-form-urlencoded',
						'content-length': Buffer.byteLength(sent)
					})
				}
			},
			(response) => {
				const parts: Buffer[] = [];
				response.on('data', (part: Buffer) => parts.push(part));
				response.on('end', () =>
					done({
						status: response.statusCode ?? 0,
						location: response.headers.location ?? '',
						body: Buffer.concat(parts).toString()
					})
				);
			}
		);
		asked.on('error', fail);
		asked.end(sent);
	});
}
