import { escapeXml } from '#lib/files/xml.ts';

/** One page in its languages. */
type Translations = readonly { language: string; address: string }[];

/** A sitemap (sitemaps.org) in which each address names its translations. */
export function sitemapXml(pages: readonly Translations[]): string {
	const urls = pages.flatMap((page) => {
		const links = page
			.map(
				({ language, address }) =>
					`<xhtml:link rel="alternate" hreflang="${escapeXml(language)}" href="${escapeXml(address)}"/>`
			)
			.join('');
		return page.map(({ address }) => `<url><loc>${escapeXml(address)}</loc>${links}</url>`);
	});
	const names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"';
	return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset ${names}>${urls.join('')}</urlset>\n`;
}
