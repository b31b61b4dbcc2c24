import { Agent as PlainAgent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';

// The built-in fetch opens as many connections as there are requests: a rush would spend itself on opening them.
const settings = { keepAlive: true, maxSockets: 64, timeout: 4000 };
const plain = new PlainAgent(settings);
const secure = new SecureAgent(settings);

const empty = new Set([204, 205, 304]);

/** A `fetch` for short questions to one server: over few connections that stay open, with the answer read whole. */
export const steadyFetch: typeof fetch = (input, init = {}) => {
	const { body } = init;
	if (input instanceof Request || (body != null && typeof body !== 'string')) return fetch(input, init);
	const url = new URL(input);
	const isSecure = url.protocol === 'https:';
	const bytes = body == null ? undefined : Buffer.from(body);
	const options: RequestOptions = {
		agent: isSecure ? secure : plain,
		method: init.method ?? 'GET',
		headers: {
			...Object.fromEntries(new Headers(init.headers)),
			...(bytes && { 'content-length': bytes.length })
		},
		...(init.signal && { signal: init.signal })
	};
	return new Promise((done, fail) => {
		const asked = (isSecure ? secureRequest : plainRequest)(url, options, (answer) => {
			whole(answer).then(done, fail);
		});
		asked.on('error', fail);
		asked.end(bytes);
	});
};

async function whole(answer: IncomingMessage): Promise<Response> {
	const chunks: Buffer[] = [];
	for await (const chunk of answer) chunks.push(chunk as Buffer);
	const status = answer.statusCode ?? 500;
	const headers = new Headers();
	for (const [name, values = []] of Object.entries(answer.headersDistinct))
		for (const value of values) headers.append(name, value);
	return new Response(empty.has(status) ? null : Buffer.concat(chunks), { status, headers });
}
