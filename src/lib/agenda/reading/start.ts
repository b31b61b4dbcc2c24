/*
 * The script of the public pages: a few kilobytes instead of a framework. The pages are complete without it; with it they show the reader's
 * own times, follow the clock and live events, and need no "Show" button.
 */
import { reportSeen } from '#lib/announcements/seen.ts';
import { closeMenus } from '#lib/ui/close-menus.ts';
import { postHeight } from '#lib/ui/embed/height.ts';
import { easeForms, offerZones } from './forms.ts';
import { subscribePage } from './live-events.ts';
import { moveNow } from './now.ts';
import { keepOffline } from './offline.ts';
import { settingsOf } from './settings.ts';
import { drawGlobe, fillTimes } from './times.ts';

function show(): void {
	const settings = settingsOf(document);
	if (!settings) return;
	moveNow(settings, Date.now());
	fillTimes(settings, Date.now());
	drawGlobe(settings, Date.now());
}

function ready(): void {
	const settings = settingsOf(document);
	if (!settings) return;
	show();
	offerZones(settings);
	void keepOffline();
	reportSeen();
}

const started = Symbol.for('global-summit.page-script');
const page = window as unknown as Record<symbol, boolean>;

if (!page[started]) {
	page[started] = true;
	document.documentElement.classList.add('scripted');
	ready();
	closeMenus();
	postHeight();
	easeForms(ready);
	setInterval(show, 20_000);
	document.addEventListener('visibilitychange', reportSeen);
	const topics = settingsOf(document)?.topics;
	if (topics) subscribePage(topics, ready);
}
