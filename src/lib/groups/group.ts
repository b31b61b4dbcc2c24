/* Groups: their words and forms. No I/O. */
import type { Group, GroupAction, GroupEntry, GroupPerson } from '#lib/database/answers/groups.ts';
import { enums } from '#lib/database/types.ts';
import {
	checkbox,
	id,
	optionalId,
	optionalLines,
	requiredLines,
	requiredText,
	wholeNumber
} from '#lib/forms/fields.ts';
import { capitalised, joinFacts, joinStatements } from '#lib/i18n/list.ts';
import { isolated, locales, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { utcDate } from '#lib/i18n/time.ts';
import { gatherText, tagsFor, textEntries } from '#lib/summits/written.ts';
import * as v from 'valibot';

export type { Group, GroupAction, GroupEntry, GroupInvitation, GroupPerson } from '#lib/database/answers/groups.ts';

/** What somebody does in a group. */
export type GroupPart = GroupPerson['part'];

/** A part in a word. */
export function groupPartWord(part: GroupPart): string {
	return {
		chair: m.groups_part_chair,
		secretary: m.groups_part_secretary,
		member: m.groups_part_member,
		alternate: m.groups_part_alternate
	}[part]();
}

/** The choices of a part. */
export const groupPartOptions = () => enums.group_part.map((value) => ({ value, label: groupPartWord(value) }));

/** The choices of who sees a group. */
export const groupLevelOptions = () => [
	{ value: 'public', label: m.groups_level_public() },
	{ value: 'members', label: m.groups_level_members() },
	{ value: 'closed', label: m.groups_level_closed() }
];

/** What is said of a person beside their name: office, organisation, whom they stand in for, and their term. */
export const groupPersonFacts = ({ office, affiliation, member, alternate_of, until }: GroupPerson): string =>
	capitalised(
		joinFacts([
			office,
			member?.name ?? affiliation,
			alternate_of && m.groups_alternate_of({ name: isolated(alternate_of.name) }),
			until && m.groups_until({ day: utcDate(until) })
		])
	);

/** The groups of the reader, the others that go on, and those that have ended. */
export function groupSections(groups: readonly GroupEntry[]) {
	const going = groups.filter(({ is_ended }) => !is_ended);
	const isInOne = going.some(({ part }) => part !== null);
	return [
		{ key: 'mine', title: m.groups_mine(), groups: going.filter(({ part }) => part !== null) },
		{
			key: 'others',
			title: isInOne ? m.groups_others() : m.groups_active(),
			groups: going.filter(({ part }) => part === null)
		},
		{ key: 'ended', title: m.groups_ended_title(), groups: groups.filter(({ is_ended }) => is_ended) }
	].filter((section) => section.groups.length > 0);
}

const tags = (map?: TextMap) => tagsFor(locales, map);

/** The form of a group; a new one has no version yet. */
export const groupSchema = (group: Pick<Group, 'name' | 'purpose'> | null) =>
	v.object({
		...textEntries('name', tags(group?.name), { required: true, most: 120 }),
		...textEntries('purpose', tags(group?.purpose), { most: 2000, lines: true }),
		level: v.picklist(enums.group_level),
		takes_requests: checkbox(),
		is_ended: checkbox(),
		version: wholeNumber(0),
		once: optionalId()
	});

/** The fields of a group for the database. */
export function groupFields(input: Record<string, unknown>, group: Pick<Group, 'name' | 'purpose'> | null) {
	return {
		name: gatherText(input, 'name', tags(group?.name)),
		purpose: gatherText(input, 'purpose', tags(group?.purpose)),
		level: String(input['level']),
		takes_requests: input['takes_requests'] === true,
		is_ended: input['is_ended'] === true
	};
}

const optionalDay = v.optional(v.union([v.literal(''), v.pipe(v.string(), v.isoDate())]), '');

/** A part, the organisation that is represented, the last day, and for whom an alternate stands in. */
export const groupTermFields = {
	part: v.picklist(enums.group_part),
	member: optionalId(),
	until: optionalDay,
	alternate_of: optionalId()
};

/** The form of the part of a person. */
export const groupPersonSchema = v.object({ entry: id(), ...groupTermFields });

/** The people of a group for whom an alternate can stand in. */
export const representedPeople = (group: Group): GroupPerson[] =>
	group.people.filter(({ part }) => part !== 'alternate');

/** The form that asks to join. */
export const joinSchema = v.object({ note: optionalLines(1000) });

/** When a decision was taken, in a sentence. */
export const decidedOnWord = (on: string): string => m.groups_decided_on({ day: utcDate(on) });

/** Who does an action, and until when. */
export const groupActionFacts = ({ owner, due_on }: Pick<GroupAction, 'owner' | 'due_on'>): string =>
	capitalised(
		joinStatements([
			owner && m.groups_action_owner({ name: isolated(owner.name) }),
			due_on && m.groups_action_due({ day: utcDate(due_on) })
		])
	);

/** The form of a decision. */
export const decisionSchema = v.object({ wording: requiredLines(2000), decided_on: v.pipe(v.string(), v.isoDate()) });

/** The form of an action. */
export const actionSchema = v.object({ task: requiredText(300), owner: optionalId(), due_on: optionalDay });

/** The form that gives an action to somebody else, changes its last day or deletes it. */
export const actionChangeSchema = v.object({
	action: id(),
	owner: optionalId(),
	due_on: optionalDay,
	act: v.picklist(['save', 'delete'])
});

/** The form of a message to all people of a group; `once` makes a second click send nothing. */
export const noticeSchema = v.object({ once: id(), subject: requiredText(120), body: requiredLines(5000) });
