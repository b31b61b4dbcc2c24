import { expect, test } from 'vitest';
import { guardBody } from './request-body.ts';

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
