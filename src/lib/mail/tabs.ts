/** The organisers' mail pages. */
export function mailTabs(slug: string, path: string) {
	const base = `/${slug}/organise/mail`;
	return [
		{ path: '', label: 'Sent and waiting' },
		{ path: '/group', label: 'To a group' },
		{ path: '/templates', label: 'Texts' }
	].map((page) => {
		const href = base + page.path;
		return { href, label: page.label, current: page.path === '' ? path === base : path.startsWith(href) };
	});
}
