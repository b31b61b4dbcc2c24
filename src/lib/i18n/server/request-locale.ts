import { AsyncLocalStorage } from 'node:async_hooks';
import { overwriteGetLocale } from '#lib/i18n/generated/runtime.js';
import type { Locale } from '#lib/i18n/locale.ts';

const current = new AsyncLocalStorage<Locale>();
overwriteGetLocale(() => current.getStore() ?? 'en');

/** Runs `work` in a language: every message and format in it speaks that language. */
export function withLocale<Result>(locale: Locale, work: () => Result): Result {
	return current.run(locale, work);
}
