import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import type { QualityLevel } from './receive-settings.ts';

/** The name of a level. */
export function qualityWord(level: QualityLevel): string {
	return {
		hd: m.stage_quality_hd,
		sd: m.stage_quality_sd,
		slides: m.stage_quality_slides,
		audio: m.stage_quality_audio,
		captions: m.stage_quality_captions
	}[level]();
}

/** Bytes as people read them: "25 MB", "1.2 GB". */
export function dataAmount(bytes: number): string {
	const unit =
		bytes >= 1e9
			? (['gigabyte', 1e9] as const)
			: bytes >= 1e6
				? (['megabyte', 1e6] as const)
				: (['kilobyte', 1e3] as const);
	const value = bytes / unit[1];
	return number(value, { style: 'unit', unit: unit[0], maximumFractionDigits: value < 10 ? 1 : 0 });
}
