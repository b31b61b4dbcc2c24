// Whole segments only: a rule is the beginning of an address, and "/*/me" would shut out what merely begins so, as "/*/speak" the speakers.
const roots = ['/account', '/api', '/calendar', '/sign-in', '/sign-out', '/sample'];
const parts = ['/me', '/register', '/organise', '/door', '/delegation', '/speak'];

/** What robots leave alone: pages that are somebody's own. Each rule is for the page itself, with parameters, and for what is below it. */
const disallowed: readonly string[] = [...roots, ...parts.map((part) => `/*${part}`)].flatMap((path) => [
	`${path}$`,
	`${path}?`,
	`${path}/`
]);

/** Whether the rules forbid an address, as robots read them (RFC 9309): "*" is anything, "$" the end. */
export function isDisallowed(path: string, rules: readonly string[] = disallowed): boolean {
	return rules.some((rule) => {
		const pattern = rule
			.replace(/\$$/, '')
			.split('*')
			.map((part) => part.replaceAll(/[.?+^$()[\]{}|\\]/g, '\\$&'))
			.join('.*');
		return new RegExp(`^${pattern}${rule.endsWith('$') ? '$' : ''}`).test(path);
	});
}

/** robots.txt of the site. */
export function robotsText(origin: string): string {
	const lines = ['User-agent: *', ...disallowed.map((path) => `Disallow: ${path}`), `Sitemap: ${origin}/sitemap.xml`];
	return `${lines.join('\n')}\n`;
}
