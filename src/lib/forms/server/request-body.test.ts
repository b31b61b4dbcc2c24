import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guardBody, jsonBody } from './request-body.ts';

function request(type: string, body: BodyInit): Request {
	const made = new Request('http://site/', {
		method: 'POST',
		headers: { 'content-type': type },
		body,
		duplex: 'half'
	} as RequestInit);
	guardBody(made);
	return made;
}

const broken = () => new ReadableStream({ pull: (sink) => sink.error(new Error('hung up')) });
const statusOf = (reading: Promise<unknown>) =>
	reading.then(
		() => 200,
		({ status }: { status?: number }) => status
	);

test('a malformed body is refused with 400 or 415', async () => {
	const form = 'multipart/form-data; boundary=B';
	expect(await statusOf(request(form, 'null').formData())).toBe(400);
	expect(await statusOf(request('multipart/form-data', '--B--').formData())).toBe(400);
	expect(await statusOf(request('application/json', '{').json())).toBe(400);
	expect(await statusOf(request('application/json', '{}').formData())).toBe(415);
	expect(await statusOf(request('text/plain', 'a=1').formData())).toBe(415);
	expect(await statusOf(request('text/plain', broken()).text())).toBe(400);
	expect(await statusOf(request(form, broken()).formData())).toBe(400);
});

test('a well-formed form is read', async () => {
	const urlencoded = request('application/x-www-form-urlencoded; charset=utf-8', 'a=1&b=%zz');
	expect([...(await urlencoded.formData())]).toEqual([
		['a', '1'],
		['b', '%zz']
	]);
	const parts = request(
		'multipart/form-data; boundary=B',
		'--B\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--B--\r\n'
	);
	expect([...(await parts.formData())]).toEqual([['a', '1']]);
});

test('JSON is read from what says that it is JSON, and from nothing else', async () => {
	for (const type of [
		'application/json',
		'application/json; charset=utf-8',
		'APPLICATION/JSON',
		'application/webhook+json'
	])
		expect(await jsonBody(request(type, '{"a":1}'))).toEqual({ a: 1 });
	for (const body of ['', '{', '{"a":1} x']) expect(await jsonBody(request('application/json', body))).toBeNull();
	for (const type of [
		'',
		'text/plain',
		'text/json',
		'application/jsonp',
		'application/x-www-form-urlencoded',
		'text/plain; application/json'
	])
		expect(await statusOf(jsonBody(request(type, '{"a":1}')))).toBe(415);
	expect(await statusOf(request('text/plain', '{}').json())).toBe(415);
});

test('every route reads JSON through it', () => {
	const files = globSync('src/{routes,lib}/**/*.ts').filter((file) => /\+server\.ts$|\/server\//.test(file));
	const routes = files.filter((file) => file.endsWith('+server.ts'));
	expect(routes.length).toBeGreaterThan(40);
	const reading = files.filter((file) => /\brequest\.json\(/.test(readFileSync(file, 'utf8')));
	expect(reading).toEqual(['src/lib/forms/server/request-body.ts']);
	expect(files.filter((file) => /jsonBody\(/.test(readFileSync(file, 'utf8'))).length).toBeGreaterThan(8);
});
