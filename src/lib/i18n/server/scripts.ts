/* The scripts of a page in its language: src/lib/i18n/compiler/languages.ts makes them. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locales, type Locale } from '#lib/i18n/locale.ts';

// The build for browsers lies beside that of the server. In development there is none, and scripts have all languages.
const folder = fileURLToPath(import.meta.url.replace(/\/server\/(?!.*\/server\/).*/, '/client/_app/immutable/'));

/** The files that there are in a language of their own: `chunks/x.js`. */
export type OwnFiles = ReadonlySet<string>;

let found: OwnFiles | undefined;

/** The files that the build made for each language. */
export function ownFiles(): OwnFiles {
	const one = `${folder}${locales[1] ?? ''}`;
	found ??= new Set(
		existsSync(one)
			? readdirSync(one, { recursive: true, encoding: 'utf8' })
					.filter((file) => file.endsWith('.js'))
					.map((file) => file.replaceAll(sep, '/'))
			: []
	);
	return found;
}

/** The same text with the addresses of scripts in a language. */
export function rewriteScripts(text: string, language: Locale, files: OwnFiles): string {
	if (language === 'en' || files.size === 0) return text;
	return text.replace(/(\/_app\/immutable\/)([a-z]+\/[\w.-]+\.js)/g, (address, start: string, file: string) =>
		files.has(file) ? `${start}${language}/${file}` : address
	);
}

/** Changes a page to the scripts of a language; `renames` gets the old and the new hash of the script in it. */
export function pageInLanguage(html: string, language: Locale, files: OwnFiles, renames: Map<string, string>): string {
	const page = rewriteScripts(html, language, files);
	if (page === html) return html;
	const [before, after] = [startScript(html), startScript(page)];
	if (before !== null && after !== null) renames.set(hashOf(before), hashOf(after));
	// A page that is made in advance has its policy in itself.
	return renamed(page, renames);
}

/** Changes the headers of a page to the scripts of a language. */
export function headersInLanguage(headers: Headers, language: Locale, files: OwnFiles, renames: Map<string, string>) {
	const link = headers.get('link');
	if (link !== null) headers.set('link', rewriteScripts(link, language, files));
	const policy = headers.get('content-security-policy');
	if (policy !== null && renames.size > 0) headers.set('content-security-policy', renamed(policy, renames));
}

function renamed(text: string, renames: Map<string, string>): string {
	let result = text;
	for (const [before, after] of renames) result = result.replaceAll(before, after);
	return result;
}

// Kit's script, the last of a page, which loads the others.
function startScript(html: string): string | null {
	const inside = html.lastIndexOf('/entry/start.');
	const start = html.lastIndexOf('<script>', inside);
	const end = html.indexOf('</script>', inside);
	return inside < 0 || start < 0 || end < 0 ? null : html.slice(start + '<script>'.length, end);
}

function hashOf(script: string): string {
	return `sha256-${createHash('sha256').update(script).digest('base64')}`;
}
