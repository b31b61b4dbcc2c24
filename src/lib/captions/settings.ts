/** A person's caption settings; stored on the device. */
export interface CaptionSettings {
	/** BCP 47; null: switched off. */
	language: string | null;
	size: (typeof sizes)[number];
	contrast: (typeof contrasts)[number];
	/** New lines are announced to screen readers too. */
	isAloud: boolean;
}

/** From small to very large. */
export const sizes = ['s', 'm', 'l', 'xl'] as const;

/** White on black, black on white, yellow on black, and white with a shadow on the video itself. */
export const contrasts = ['dark', 'light', 'yellow', 'bare'] as const;

/** Off, with the settings that most people read best when switched on. */
export const defaultCaptionSettings: CaptionSettings = { language: null, size: 'm', contrast: 'dark', isAloud: false };

/** Reads stored settings; missing or invalid values get their defaults. */
export function captionSettingsFrom(value: unknown): CaptionSettings {
	if (typeof value !== 'object' || value === null) return defaultCaptionSettings;
	const { language, size, contrast, isAloud } = value as Record<string, unknown>;
	return {
		language: typeof language === 'string' ? language : null,
		size: sizes.find((one) => one === size) ?? defaultCaptionSettings.size,
		contrast: contrasts.find((one) => one === contrast) ?? defaultCaptionSettings.contrast,
		isAloud: isAloud === true
	};
}
