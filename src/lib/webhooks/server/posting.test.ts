import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postToEndpoint } from './posting.ts';

let server: Server;
let port: number;
const hosts: (string | undefined)[] = [];

beforeAll(async () => {
	server = createServer((request, response) => {
		hosts.push(request.headers.host);
		response.end('Well\u0007 \u202ereceived\nthere');
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

const post = (url: string, addresses: string[]) =>
	postToEndpoint(
		new URL(url),
		'{}',
		{},
		{
			timeoutMs: 5000,
			resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
		}
	);

test('connects to the addresses that were checked, whatever a second lookup would find', async () => {
	// Nobody else finds this name: it is asked for once, and the host is named as it was entered.
	const outcome = await post(`http://nowhere.localhost:${port}/in`, ['127.0.0.1']);
	expect(outcome).toMatchObject({ status: 200, fault: null, excerpt: 'Well received there' });
	expect(hosts).toEqual([`nowhere.localhost:${port}`]);
});

test('names what is wrong where there is no answer', async () => {
	expect(await post(`https://nowhere.localhost:${port}/in`, ['127.0.0.1'])).toMatchObject({
		status: null,
		fault: 'tls'
	});
	expect(await post(`https://hooks.example.org/in`, ['10.0.0.1'])).toMatchObject({ status: null, fault: 'address' });
	expect(await post(`https://hooks.example.org/in`, [])).toMatchObject({ status: null, fault: 'name' });
	expect(await post('http://nowhere.localhost:9/in', ['127.0.0.1'])).toMatchObject({ status: null, fault: 'refused' });
});

test('a lookup that never ends is ended with the attempt', async () => {
	const outcome = await postToEndpoint(
		new URL('https://hooks.example.org/in'),
		'{}',
		{},
		{
			timeoutMs: 100,
			resolve: () => new Promise(() => undefined)
		}
	);
	expect(outcome).toMatchObject({ status: null, fault: 'timeout' });
});
