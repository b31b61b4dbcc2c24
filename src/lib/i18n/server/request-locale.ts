import { AsyncLocalStorage } from 'node:async_hooks';
import { readLocaleFrom, type Locale } from '#lib/i18n/locale.ts';

const current = new AsyncLocalStorage<Locale>();
readLocaleFrom(() => current.getStore() ?? 'en');

/** Runs `work` in a language: every message and format in it uses that language. */
export function withLocale<Result>(locale: Locale, work: () => Result): Result {
	return current.run(locale, work);
}
