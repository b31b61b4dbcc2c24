import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { RequestHandler } from './$types';

/** Makes the door page installable as an application on a phone or a desktop. */
export const GET: RequestHandler = ({ params }) => {
	const start = href(`/${params.summit}/door`);
	const manifest = {
		id: start,
		name: `${m.door_title()} · ${m.ui_name()}`,
		short_name: m.door_title(),
		start_url: start,
		scope: start,
		display: 'standalone',
		background_color: '#f4f6f8',
		theme_color: '#10263f',
		icons: [
			{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
			{ src: '/icon-180.png', sizes: '180x180', type: 'image/png' }
		]
	};
	return new Response(JSON.stringify(manifest), { headers: { 'content-type': 'application/manifest+json' } });
};
