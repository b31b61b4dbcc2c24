import { m } from '#lib/i18n/messages.ts';
import { direction, href, text, type TextMap } from '#lib/i18n/locale.ts';
import { dayAndClock, money, offsetMinutes, zoneCity } from '#lib/i18n/time.ts';
import type { MailSummit } from '#lib/database/answers/mail.ts';

export type { MailSummit } from '#lib/database/answers/mail.ts';

/** The input of a mail: its parameters, its Summit and its reader. */
export interface MailContext {
	/** Ids and values of the Summit; secrets among them are decrypted. */
	params: Record<string, unknown>;
	summit: MailSummit | null;
	/** The reader's zone, where they chose one. */
	zone: string | null;
	/** Of our site, without a trailing slash. */
	origin: string;
}

/** The address of our site, without a trailing slash. */
export function siteOrigin(): string {
	return (process.env['ORIGIN'] ?? 'http://localhost:3000').replace(/\/$/, '');
}

/** A text parameter; '' when there is none. */
export function textParam({ params }: MailContext, ...names: string[]): string {
	const found = names
		.map((name) => params[name])
		.find((value) => typeof value === 'string' || typeof value === 'number');
	return found === undefined ? '' : String(found);
}

/** The title of the proposal in the author's language; its code where there is none. */
export function proposalTitle(context: MailContext): string {
	const { title } = context.params;
	const written = typeof title === 'object' && title !== null ? text(title as TextMap).text : '';
	return isolate(written || textParam(context, 'code'));
}

/** An amount of money in words, from minor units and a currency; null when either is missing. */
export function moneyParam({ params }: MailContext): string | null {
	const { amount, currency } = params;
	return typeof amount === 'number' && typeof currency === 'string' ? isolate(money(amount, currency)) : null;
}

/** Whether the seat is one in the hall. */
export function inHall({ params }: MailContext): boolean {
	return params['mode'] === 'in_person';
}

/** The Summit's name in the reader's language. */
export function summitName({ summit }: MailContext): string {
	return summit ? text(summit.name).text : m.ui_name();
}

/** The address of one of our pages, in the reader's language; `path` follows the Summit's address. */
export function pageOf({ origin, summit }: MailContext, path = ''): string {
	return `${origin}${href(summit ? `/${summit.slug}${path}` : '/')}`;
}

/** A value that keeps its own direction inside a sentence that runs the other way. */
export function isolate(value: string): string {
	return direction() === 'rtl' ? `\u2068${value}\u2069` : value;
}

/** A time by the venue's clock and, where it differs, by the reader's: "10 June 2027, 10:30 (Luxembourg) = … (Montevideo)". */
export function momentWords({ summit, zone }: MailContext, at: string): string {
	const venue = summit?.zone ?? 'UTC';
	const city = (summit && text(summit.city).text) || zoneCity(venue);
	const there = `${dayAndClock(at, venue)} (${city})`;
	if (!zone || offsetMinutes(at, zone) === offsetMinutes(at, venue)) return isolate(there);
	return `${isolate(there)} = ${isolate(`${dayAndClock(at, zone)} (${zoneCity(zone)})`)}`;
}

/** The time of a parameter, in words; null when there is none. */
export function momentParam(context: MailContext, ...names: string[]): string | null {
	const at = textParam(context, ...names);
	return at && !Number.isNaN(Date.parse(at)) ? momentWords(context, at) : null;
}
