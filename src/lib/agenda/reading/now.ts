import { fractionAt, hidesHour } from '../grid.ts';
import { fill } from '../reader-time.ts';
import type { ReadingSettings } from './settings.ts';

/** Moves the line of the present time, in the list and in the grid. */
export function moveNow({ venue, words }: ReadingSettings, now: number): void {
	const time = new Intl.DateTimeFormat('en-GB', { timeZone: venue, hour: '2-digit', minute: '2-digit' }).format(now);
	const line = document.getElementById('now');
	if (line) {
		for (const span of line.querySelectorAll('span')) span.textContent = fill(words.now, { time });
		const rows = [...(line.parentElement?.querySelectorAll<HTMLElement>(':scope > [data-start]') ?? [])];
		const next = rows.find((row) => Number(row.dataset.start) > now);
		if (next) next.before(line);
		else rows.at(-1)?.after(line);
	}
	for (const hour of document.querySelectorAll('.hour')) {
		const begins = Date.parse(hour.querySelector('time')?.dateTime ?? '');
		hour.classList.toggle('hushed', document.querySelector('.now[data-from]') !== null && hidesHour(begins, now));
	}
	for (const across of document.querySelectorAll<HTMLElement>('[data-from]')) {
		const { from, to, folded } = across.dataset;
		const hours = folded ? folded.split(',').map(Number) : [];
		const at = fractionAt(now, { start: Number(from), end: Number(to), folded: hours });
		across.hidden = at < 0 || at > 1;
		across.style.setProperty('--at', String(at));
		for (const clock of across.querySelectorAll('time')) clock.textContent = time;
	}
	for (const clock of document.querySelectorAll('[data-venue-now]'))
		clock.textContent = fill(clock.getAttribute('data-venue-now') ?? '', { time });
}
