/* What a new edition takes over from an earlier one, and what to look at afterwards. No I/O. */
import type { CopiedEdition } from '#lib/database/answers/summits.ts';
import { m } from '#lib/i18n/messages.ts';

/** The parts of an edition that can be copied; its settings always are. */
export const editionParts = [
	'rooms',
	'programme',
	'seats',
	'fees',
	'forms',
	'surveys',
	'wordings',
	'pages',
	'checkpoints',
	'members',
	'roles'
] as const;
export type EditionPart = (typeof editionParts)[number];

/** Those that hold people: an owner decides to copy them. */
const withPeople: readonly EditionPart[] = ['members', 'roles'];
export const suggestedParts = editionParts.filter((part) => !withPeople.includes(part));

/** The parts in words. */
export const editionPartOptions = (): { value: EditionPart; label: string; hint?: string }[] => [
	{ value: 'rooms', label: m.summits_copy_rooms() },
	{ value: 'programme', label: m.summits_copy_programme() },
	{ value: 'seats', label: m.summits_copy_seats() },
	{ value: 'fees', label: m.summits_setup_fees() },
	{ value: 'forms', label: m.summits_copy_forms() },
	{ value: 'surveys', label: m.evaluation_title() },
	{ value: 'wordings', label: m.summits_copy_wordings() },
	{ value: 'pages', label: m.summits_copy_pages() },
	{ value: 'checkpoints', label: m.summits_copy_checkpoints() },
	{ value: 'members', label: m.summits_copy_members(), hint: m.summits_copy_members_hint() },
	{ value: 'roles', label: m.summits_copy_roles(), hint: m.summits_copy_roles_hint() }
];

type Key = CopiedEdition['items'][number]['key'];

const lines: Record<Key, { label: () => string; path: string }> = {
	deadlines: { label: m.summits_copied_deadlines, path: '/settings/deadlines' },
	fees: { label: m.summits_copied_fees, path: '/money/fees' },
	consents: { label: m.summits_copied_consents, path: '/settings/consents' },
	empty_pages: { label: m.summits_copied_empty_pages, path: '/pages' },
	draft_pages: { label: m.summits_copied_draft_pages, path: '/pages' },
	published_pages: { label: m.summits_copied_published_pages, path: '/pages' },
	wordings: { label: m.summits_copied_wordings, path: '/mail' },
	surveys: { label: m.summits_copied_surveys, path: '/surveys' },
	members_left: { label: m.summits_copied_members_left, path: '/members' },
	no_focal_point: { label: m.summits_copied_no_focal_point, path: '/members' },
	roles: { label: m.summits_copied_roles, path: '/roles' }
};

/** What to look at: words, how much of it, and the page of it after `/[summit]/organise`. */
export function copiedLines(items: CopiedEdition['items']): { key: Key; label: string; path: string; count: number }[] {
	return items.map(({ key, count }) => ({ key, count, label: lines[key].label(), path: lines[key].path }));
}
