import { globeOfHours } from '#lib/ui/globe.ts';
import { cityOf, fill, readerTime } from '../reader-time.ts';
import type { ReadingSettings } from './settings.ts';

function wordsOf(element: HTMLElement, moment: number, { zone, venue, language, words }: ReadingSettings): string {
	const start = readerTime(moment, zone, venue, language);
	if (!start) return '';
	if (element.dataset.yours === 'clock') return start.time;
	const until = element.dataset.until ? readerTime(Number(element.dataset.until), zone, venue, language) : null;
	const time = until ? fill(words.range, { start: start.time, end: until.time }) : start.time;
	const dated = start.day === null ? time : fill(words.on, { time, day: start.day });
	return element.dataset.yours === 'place' ? fill(words.in, { time: dated, place: cityOf(zone) }) : dated;
}

/** Writes the reader's times beside the venue's. */
export function fillTimes(settings: ReadingSettings, now: number): void {
	for (const element of document.querySelectorAll<HTMLElement>('[data-yours]')) {
		const at = element.dataset.at;
		element.textContent = wordsOf(element, at === undefined || at === 'now' ? now : Number(at), settings);
	}
	const differs = readerTime(now, settings.zone, settings.venue, settings.language) !== null;
	for (const element of document.querySelectorAll('[data-city]'))
		element.textContent = differs ? cityOf(settings.zone) : '';
	for (const element of document.querySelectorAll<HTMLElement>('[data-zones]')) {
		if (differs) element.textContent = fill(element.dataset.zones ?? '', { reader: cityOf(settings.zone) });
	}
}

// Minutes east of UTC.
function offset(zone: string, now: number): number {
	const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(now);
	const [, sign, hours, minutes] =
		/GMT([+-])(\d+):(\d+)/.exec(name.find((part) => part.type === 'timeZoneName')?.value ?? '') ?? [];
	return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

function shape(like: Element, name: string, role: string, attributes: Record<string, string | number>): Element {
	const made = document.createElementNS('http://www.w3.org/2000/svg', name);
	// The scope class of the component's styles is a second class beside the role.
	made.setAttribute('class', (like.getAttribute('class') ?? '').replace(/^\S+/, role));
	for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
	return made;
}

// Below the globe's two ends: the time here and the time there.
function writeClocks(globe: Element, { venue, zone, language, words }: ReadingSettings, now: number): void {
	const [here, there] = [globe.querySelector('.here'), globe.querySelector('.there')];
	const time = new Intl.DateTimeFormat('en-GB', { timeZone: venue, hour: '2-digit', minute: '2-digit' }).format(now);
	if (here) here.textContent = (here.textContent ?? '').replace(/\d\d:\d\d/, time);
	const own = readerTime(now, zone, venue, language);
	if (!there || !own) return;
	const place = document.createElement('span');
	place.className = there.className.replace(/^\S+/, 'zone');
	place.textContent = cityOf(zone);
	there.replaceChildren(fill(words.where, { time: own.time }), ' ', place);
}

/** Highlights the reader's meridian on the globe. */
export function drawGlobe(settings: ReadingSettings, now: number): void {
	const figure = document.querySelector('figure.globe');
	const svg = figure?.querySelector('svg');
	if (figure) writeClocks(figure, settings, now);
	const like = svg?.querySelector('circle');
	const [here, there] = [offset(settings.venue, now), offset(settings.zone, now)];
	if (!svg || !like || here === there) return;
	const globe = globeOfHours(here, there);
	const dot = (role: string, [cx, cy]: readonly [number, number], r: number) =>
		shape(like, 'circle', role, { cx, cy, r });
	svg.replaceChildren(
		like,
		...globe.hours.map((d) => shape(like, 'path', 'hour', { d })),
		...(globe.reader
			? [shape(like, 'path', 'reader', { d: globe.reader.path }), dot('reader-dot', globe.reader.dot, 0.013)]
			: []),
		shape(like, 'path', 'venue', { d: globe.venue.path }),
		dot('venue-dot', globe.venue.dot, 0.016)
	);
}
