/** The organisers' mail pages. */
import { m } from '#lib/i18n/messages.ts';
export function mailTabs(slug: string, path: string) {
	const base = `/${slug}/organise/mail`;
	return [
		{ path: '', label: m.mail_tab_sent() },
		{ path: '/group', label: m.mail_tab_group() },
		{ path: '/templates', label: m.mail_tab_texts() }
	].map((page) => {
		const href = base + page.path;
		return { href, label: page.label, current: page.path === '' ? path === base : path.startsWith(href) };
	});
}
