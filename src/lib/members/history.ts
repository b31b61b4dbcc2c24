/* A member's history in sentences. */
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { regionName } from './regions.ts';
import { modePhrase } from './allowances.ts';
import { countryName } from './countries.ts';
import { sectorName } from './member.ts';
import { standings, standingWord, type MemberAct } from './registry.ts';

const fields: Record<string, () => string> = {
	name: m.members_field_name,
	website: m.members_field_website,
	sector: m.registration_member_sector,
	country: m.members_field_country,
	region: m.members_field_region,
	standing: m.members_field_standing,
	ceiling: m.registration_delegation_seats,
	reserved_until: m.members_field_reserved,
	reason: m.members_field_reason,
	until: m.members_field_until,
	code: m.members_field_code
};

/** What was done, in a few words. */
export function memberActWords({ what, action, mode, person }: MemberAct): string {
	switch (what) {
		case 'merged':
			return m.members_act_merged();
		case 'member':
			return {
				insert: m.members_act_added,
				update: m.members_act_changed,
				delete: m.members_act_removed,
				event: m.members_act_noted
			}[action]();
		case 'standing':
			return action === 'insert'
				? m.members_act_joined()
				: action === 'delete'
					? m.members_act_left()
					: m.members_act_changed_here();
		case 'exception': {
			const words = {
				insert: m.members_act_exception_given,
				delete: m.members_act_exception_ended,
				update: m.members_act_exception_changed,
				event: m.members_act_exception_changed
			}[action];
			return words({ mode: modePhrase(mode ?? 'in_person') });
		}
		case 'focal': {
			const words = {
				insert: m.members_act_focal_named,
				delete: m.members_act_focal_removed,
				update: m.members_act_focal_changed,
				event: m.members_act_focal_changed
			}[action];
			return words({ person: isolated(person ?? m.payments_payer_nameless()) });
		}
	}
}

/** The name of a field in a change. */
function memberFieldWord(field: string): string {
	return fields[field]?.() ?? field;
}

/** A value of a field for readers; times by `moment`. */
export function memberValueWords(field: string, value: unknown, moment: (at: string) => string): string {
	if (value === null || value === undefined || value === '') return m.members_value_nothing();
	const text = String(value);
	if (field === 'sector') return sectorName(text) || text;
	if (field === 'country') return countryName(text);
	if (field === 'region') return regionName(text);
	if (field === 'standing') return standingWord(standings.find((each) => each === text) ?? 'active');
	return field === 'until' || field === 'reserved_until' ? moment(text) : text;
}

/** A changed field with its values; `from` null where the record is new. */
export function memberChangeLine(field: string, from: string | null, to: string): string {
	const value = { field: memberFieldWord(field), to: isolated(to) };
	return from === null ? m.members_change_to(value) : m.members_change_from({ ...value, from: isolated(from) });
}
