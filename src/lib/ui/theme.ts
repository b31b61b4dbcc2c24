/** A chosen theme, or the system's. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The cookie that stores the choice; absent for the system's theme. */
export const themeCookie = 'theme';

/** Reads a value from outside. */
export function themeFrom(value: unknown): Theme {
	return themes.find((theme) => theme === value) ?? 'system';
}

/** The theme in a Cookie header. */
export function themeOfCookies(header: string | null | undefined): Theme {
	return themeFrom(/(?:^|;\s*)theme=([a-z]+)/.exec(header ?? '')?.[1]);
}
