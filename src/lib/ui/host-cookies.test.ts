import { expect, test } from 'vitest';
import { cookieName, withHostPrefix, withoutHostPrefix } from './host-cookies.ts';

test('ignores a cookie that another site of the domain has set', () => {
	expect(withoutHostPrefix('theme=dark; __Host-theme=light; gs-session=x;__Host-gs-session.0=a=b;  x')).toBe(
		'theme=light; gs-session.0=a=b'
	);
	expect(withoutHostPrefix('theme=dark')).toBe('');
});

test('binds a cookie to this host, over https, for all paths', () => {
	expect(withHostPrefix('hall=AB; Path=/x; HttpOnly; SameSite=Strict; Max-Age=86400; Domain=example.org')).toBe(
		'__Host-hall=AB; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400; Secure'
	);
	expect(withHostPrefix('theme=; path=/; secure')).toBe('__Host-theme=; Path=/; Secure');
	expect([cookieName('theme', 'https:'), cookieName('theme', 'http:')]).toEqual(['__Host-theme', 'theme']);
});
