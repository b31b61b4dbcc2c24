import { safeNext } from '#lib/accounts/next.ts';
import { themeCookie, themeFrom } from '#lib/ui/theme.ts';
import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The form of the theme menu without script. */
export const POST: RequestHandler = async ({ request, cookies, url }) => {
	const data = await request.formData();
	const theme = themeFrom(data.get('theme'));
	const options = { path: '/', httpOnly: false, sameSite: 'lax', secure: url.protocol === 'https:' } as const;
	if (theme === 'system') cookies.delete(themeCookie, options);
	else cookies.set(themeCookie, theme, { ...options, maxAge: 400 * 86_400 });
	redirect(303, safeNext(data.get('next')));
};
