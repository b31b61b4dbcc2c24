// Whole segments only: a rule matches the beginning of an address, and "/*/me" would exclude addresses that merely start so, as "/*/speak"
// the speakers.
const roots = ['/account', '/api', '/calendar', '/sign-in', '/sign-out', '/sample', '/preview'];
const parts = ['/me', '/register', '/organise', '/door', '/delegation', '/speak'];

/** Pages that robots must not visit: personal ones. Each rule covers the page itself, with parameters, and everything below it. */
const disallowed: readonly string[] = [...roots, ...parts.map((part) => `/*${part}`)].flatMap((path) => [
	`${path}$`,
	`${path}?`,
	`${path}/`
]);

/** robots.txt of the site. */
export function robotsText(origin: string): string {
	const lines = ['User-agent: *', ...disallowed.map((path) => `Disallow: ${path}`), `Sitemap: ${origin}/sitemap.xml`];
	return `${lines.join('\n')}\n`;
}
