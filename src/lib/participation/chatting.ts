import type { MayWrite } from '#lib/database/answers/participation.ts';
import type { ParticipationData, ParticipationSettings } from './participation.ts';

/** Whether a reader may write, or why not, under settings that have changed since the page load. */
export function mayWrite(
	{ may_if_open, is_of_people }: Pick<NonNullable<ParticipationData['chat']>, 'may_if_open' | 'is_of_people'>,
	settings: ParticipationSettings | null
): MayWrite {
	if (may_if_open !== 'ok' && may_if_open !== 'muted') return may_if_open;
	if (settings?.chat === 'off') return 'off';
	return settings?.chat === 'people' && !is_of_people ? 'people' : may_if_open;
}
