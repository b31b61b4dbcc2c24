/*
 * The script of the screen at a room's door: it follows the clock and live events, and when the connection is lost it keeps its content and
 * shows since when.
 */
import { openEvents } from '#lib/live/event-source.ts';
import { entryTimings } from '../room.ts';
import { refresh } from './swap.ts';

const find = (selector: string) => document.querySelector<HTMLElement>(selector);
const clock = (zone: string, at: number) =>
	new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at);

let fresh = Date.now();
let lost = false;

function show(): void {
	const screen = find('[data-room]');
	if (!screen) return;
	const { zone = 'UTC', now: nowWord = '', next: nextWord = '', lost: lostWords = '' } = screen.dataset;
	const now = Date.now();
	const items = [...screen.querySelectorAll<HTMLElement>('[data-start]')];
	const entries = items.map(({ dataset }) => ({
		start: Number(dataset.start),
		end: Number(dataset.end),
		off: dataset.off !== undefined,
		isLive: dataset.live !== undefined
	}));
	entryTimings(entries, now).forEach((timing, at) => {
		const item = items[at];
		if (!item) return;
		item.dataset.standing = timing;
		const label = item.querySelector('.label');
		if (label) label.textContent = timing === 'now' ? nowWord : nextWord;
	});
	const on = items.some(({ dataset }) => dataset.standing === 'now');
	find('[data-nothing]')?.toggleAttribute('hidden', on);
	const time = find('[data-clock]');
	if (time) time.textContent = clock(zone, now);
	const status = find('[data-status]');
	if (!status) return;
	status.hidden = !lost;
	if (lost) status.textContent = lostWords.replace('{time}', clock(zone, fresh));
}

async function again(): Promise<void> {
	if ((await refresh()) === 'shown') {
		lost = false;
		fresh = Date.now();
	} else lost = true;
	show();
}

const topics = find('[data-room]')?.dataset.topics ?? '';
openEvents(
	{ topics },
	{
		onEvent: () => setTimeout(() => void again(), Math.random() * 400),
		onResync: () => void again(),
		onOpen: () => lost && void again(),
		onLost: () => void again()
	}
);
addEventListener('online', () => void again());
addEventListener('offline', () => void again());
show();
setInterval(show, 1000);
setInterval(() => void again(), 60_000);
