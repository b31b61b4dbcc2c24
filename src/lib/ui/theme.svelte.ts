import { cookieName } from './host-cookies.ts';
import { themeCookie, type Theme } from './theme.ts';

/** Applies a theme to this document and stores it, as the form of ThemeMenu does without JavaScript. */
export function applyTheme(theme: Theme): void {
	const root = document.documentElement;
	if (theme === 'system') delete root.dataset['theme'];
	else root.dataset['theme'] = theme;
	const secure = location.protocol === 'https:' ? '; secure' : '';
	document.cookie = `${cookieName(themeCookie, location.protocol)}=${theme}; path=/; samesite=lax; max-age=${theme === 'system' ? 0 : 400 * 86_400}${secure}`;
}
