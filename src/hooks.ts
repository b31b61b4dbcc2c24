import { SharedHtml } from '#lib/agenda/shared-html.ts';
import { barePath } from '#lib/i18n/locale.ts';
import type { Reroute, Transport } from '@sveltejs/kit';

/** `/fr/2027/agenda` has the route of `/2027/agenda`. */
export const reroute: Reroute = ({ url }) => barePath(url.pathname);

/** Pages with this HTML have no script of Kit's, so nobody decodes it. */
export const transport: Transport = {
	SharedHtml: { encode: (value) => value instanceof SharedHtml, decode: () => new SharedHtml('') }
};
