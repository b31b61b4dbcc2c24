import { barePath } from '#lib/i18n/locale.ts';
import type { Reroute } from '@sveltejs/kit';

/** `/fr/2027/agenda` has the route of `/2027/agenda`. */
export const reroute: Reroute = ({ url }) => barePath(url.pathname);
