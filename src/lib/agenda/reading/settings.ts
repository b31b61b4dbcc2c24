import { deviceZone } from '#lib/ui/device-zone.ts';

/** A page's settings for its script: on the `template` that `PageScript.svelte` writes. */
export interface ReadingSettings {
	/** The venue's zone. */
	venue: string;
	/** The zone of the address or the reader's preference; empty where only the browser knows it. */
	asked: string;
	/** The reader's zone in force. */
	zone: string;
	language: string;
	/** Topics of live events, comma-separated; empty for none. */
	topics: string;
	/** Sentences with {time}, {place}, {start}, {end}, {day}. */
	words: { in: string; on: string; range: string; now: string; where: string; device: string };
}

/** Reads the settings of the present page; null where there are none. */
export function settingsOf(page: ParentNode): ReadingSettings | null {
	const template = page.querySelector<HTMLTemplateElement>('template[data-page-script]');
	if (!template) return null;
	const given = JSON.parse(template.dataset.pageScript ?? '{}') as Omit<ReadingSettings, 'zone' | 'language'>;
	return {
		...given,
		zone: given.asked || deviceZone(),
		language: document.documentElement.lang || 'en'
	};
}
