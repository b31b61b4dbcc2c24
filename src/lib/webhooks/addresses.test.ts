import { expect, test } from 'vitest';
import { checkedAddresses, endpointUrl, isPublicAddress } from './addresses.ts';

test.each([
	'0.0.0.0',
	'10.1.2.3',
	'100.64.0.1',
	'127.0.0.1',
	'127.9.9.9',
	'169.254.169.254',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.1.1',
	'192.0.0.192',
	'198.18.0.1',
	'224.0.0.1',
	'255.255.255.255',
	'::',
	'::1',
	'::ffff:127.0.0.1',
	'::ffff:7f00:1',
	'::ffff:8.8.8.8',
	'::127.0.0.1',
	'64:ff9b::7f00:1',
	'64:ff9b:1::1',
	'fc00::1',
	'fd00::1',
	'fe80::1',
	'fe80::1%eth0',
	'2606:4700::1111%eth0',
	'ff02::1',
	'2001::1',
	'2001:db8::1',
	'2002:7f00:1::1',
	'not an address',
	''
])('%s is not public', (address) => {
	expect(isPublicAddress(address)).toBe(false);
});

test.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
	'%s is public',
	(address) => {
		expect(isPublicAddress(address)).toBe(true);
	}
);

test.each([
	'http://hooks.example.org/',
	'ftp://hooks.example.org/',
	'https://user:password@hooks.example.org/',
	'https://127.0.0.1/',
	'https://2130706433/',
	'https://0x7f000001/',
	'https://0177.0.0.1/',
	'https://127.1/',
	'https://169.254.169.254/latest/meta-data',
	'https://[::1]/',
	'https://[::ffff:127.0.0.1]/',
	'https://[::ffff:a9fe:a9fe]/',
	'https://[fd00::1]/',
	'https://[64:ff9b::a9fe:a9fe]/',
	'https://localhost/',
	'https://LOCALHOST./',
	'https://a.localhost/',
	'https://printer/',
	'https://printer.local/',
	'https://metadata.google.internal/',
	'https://metadata.google.internal./',
	'https://127。0。0。1/',
	'https:///path',
	'hooks.example.org',
	'javascript:alert(1)',
	`https://hooks.example.org/${'a'.repeat(500)}`,
	''
])('%s is no endpoint', (url) => {
	expect(endpointUrl(url, false)).toBeNull();
});

test('takes a public https address, and one of this machine where the site is on it', () => {
	expect(endpointUrl(' https://hooks.example.org/in?token=1#part ', false)?.href).toBe(
		'https://hooks.example.org/in?token=1'
	);
	expect(endpointUrl('https://8.8.8.8:8443/in', false)?.href).toBe('https://8.8.8.8:8443/in');
	expect(endpointUrl('http://localhost:4000/in', true)?.href).toBe('http://localhost:4000/in');
	expect(endpointUrl('http://[::1]:4000/in', true)?.href).toBe('http://[::1]:4000/in');
	// The local site does not open the local network.
	expect(endpointUrl('http://192.168.1.1/', true)).toBeNull();
	expect(endpointUrl('https://192.168.1.1/', true)).toBeNull();
});

const found = (...addresses: string[]) =>
	addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test('refuses a name as soon as one of its addresses is not public', async () => {
	const url = new URL('https://hooks.example.org/');
	const check = (...addresses: string[]) => checkedAddresses(url, () => Promise.resolve(found(...addresses)));
	expect(await check('8.8.8.8', '2606:4700::1111')).toEqual(found('8.8.8.8', '2606:4700::1111'));
	expect(await check('8.8.8.8', '127.0.0.1')).toBe('address');
	expect(await check('fd00::1')).toBe('address');
	expect(await check('::ffff:10.0.0.1')).toBe('address');
	expect(await check()).toBe('name');
	expect(await checkedAddresses(url, () => Promise.reject(new Error('ENOTFOUND')))).toBe('name');
});

test('asks no resolver about a number, and lets a local name lead to this machine alone', async () => {
	const never = () => Promise.reject(new Error('asked'));
	expect(await checkedAddresses(new URL('https://[::1]/'), never)).toEqual(found('::1'));
	expect(await checkedAddresses(new URL('https://10.0.0.1/'), never)).toBe('address');
	const local = new URL('http://localhost:4000/');
	expect(await checkedAddresses(local, () => Promise.resolve(found('127.0.0.1')))).toEqual(found('127.0.0.1'));
	expect(await checkedAddresses(local, () => Promise.resolve(found('10.0.0.1')))).toBe('address');
});
