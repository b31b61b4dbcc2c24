import type { ImpactDraft } from '#lib/database/answers/impact.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { isReportPlace, type ReportPlace } from '../indicators.ts';
import { readImpactDraft } from './impact.ts';

/** The draft of the Summit; answers as for something that does not exist where the reader may not write it. */
export async function requireDraft({ supabase, summit }: App.Locals): Promise<ImpactDraft> {
	return (await readImpactDraft(supabase, summit.id)) ?? notFound();
}

/** The place that an address names. */
export function requirePlace(place: string): ReportPlace {
	return isReportPlace(place) ? place : notFound();
}
