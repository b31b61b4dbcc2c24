import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

const Level = v.picklist(enums.group_level);
const Part = v.picklist(enums.group_part);
const Organisation = v.strictObject({ id: v.string(), name: v.string() });

/** A group in a list. */
export const GroupEntry = v.strictObject({
	code: v.string(),
	name: TextMap,
	purpose: TextMap,
	level: Level,
	is_ended: v.boolean(),
	people: v.number(),
	members: v.number(),
	/** The reader's own. */
	part: v.nullable(Part)
});
export type GroupEntry = v.InferOutput<typeof GroupEntry>;

/** A person of a group, as everybody sees them. */
export const GroupPerson = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	part: Part,
	member: v.nullable(Organisation),
	alternate_of: v.nullable(v.strictObject({ id: v.string(), name: v.string() })),
	/** Days. */
	since: v.string(),
	until: v.nullable(v.string()),
	is_me: v.boolean()
});
export type GroupPerson = v.InferOutput<typeof GroupPerson>;

/** A group as the reader sees it. */
export const Group = v.strictObject({
	id: v.string(),
	code: v.string(),
	name: TextMap,
	purpose: TextMap,
	level: Level,
	takes_requests: v.boolean(),
	is_ended: v.boolean(),
	version: v.number(),
	leads: v.boolean(),
	/** The reader's entry among the people. */
	own: v.nullable(v.string()),
	/** The reader has asked to join. */
	request: v.boolean(),
	people: v.array(GroupPerson),
	/** How many people are not named to the reader. */
	hidden: v.number(),
	members: v.array(Organisation),
	/** For those who lead the group, like the next two. */
	requests: v.nullable(
		v.array(
			v.strictObject({
				id: v.string(),
				display_name: v.string(),
				office: v.string(),
				affiliation: v.string(),
				note: v.string(),
				asked_at: v.string()
			})
		)
	),
	invitations: v.nullable(
		v.array(v.strictObject({ id: v.string(), display_name: v.string(), part: Part, invited_at: v.string() }))
	),
	/** All member organisations. */
	choices: v.nullable(v.array(Organisation))
});
export type Group = v.InferOutput<typeof Group>;

/** An invitation of the reader to a group. */
export const GroupInvitation = v.strictObject({
	id: v.string(),
	part: Part,
	name: TextMap,
	purpose: TextMap,
	level: Level,
	until: v.nullable(v.string()),
	invited_at: v.string()
});
export type GroupInvitation = v.InferOutput<typeof GroupInvitation>;

/** An action of a group. */
export const GroupAction = v.strictObject({
	id: v.string(),
	task: TextMap,
	owner: v.nullable(v.strictObject({ id: v.string(), name: v.string(), is_me: v.boolean() })),
	/** A day. */
	due_on: v.nullable(v.string()),
	is_late: v.boolean(),
	is_done: v.boolean(),
	/** A meeting decided it. */
	is_of_meeting: v.boolean(),
	/** The reader may mark it as done. */
	may_do: v.boolean()
});
export type GroupAction = v.InferOutput<typeof GroupAction>;

/** The decisions and actions of a group. */
export const GroupRegister = v.strictObject({
	decisions: v.array(
		v.strictObject({
			id: v.string(),
			wording: TextMap,
			decided_on: v.string(),
			is_withdrawn: v.boolean(),
			/** The code of the meeting that decided it, for people of the group. */
			meeting: v.nullable(v.string())
		})
	),
	actions: v.array(GroupAction)
});
export type GroupRegister = v.InferOutput<typeof GroupRegister>;

/** What was sent to all people of a group. */
export const GroupNotice = v.strictObject({
	id: v.string(),
	subject: TextMap,
	body: TextMap,
	sent_at: v.string(),
	/** Of the sender; null when their account is deleted. */
	display_name: v.nullable(v.string())
});

/** A session at a Summit that belongs to a group, for the people of the group who see it. */
export const GroupSession = v.strictObject({
	/** The address of its Summit. */
	summit: v.string(),
	summit_name: TextMap,
	zone: v.string(),
	code: v.string(),
	title: TextMap,
	/** Of its first time. */
	start: v.nullable(v.string()),
	end: v.nullable(v.string()),
	is_cancelled: v.boolean()
});
export type GroupSession = v.InferOutput<typeof GroupSession>;

/** What these functions of the API answer. */
export const answers = {
	list_groups: v.array(GroupEntry),
	read_group: v.nullable(Group),
	my_group_invitations: v.array(GroupInvitation),
	read_group_register: v.nullable(GroupRegister),
	list_group_sessions: v.array(GroupSession),
	list_group_notices: v.nullable(v.array(GroupNotice)),
	my_group_actions: v.array(
		v.strictObject({
			id: v.string(),
			code: v.string(),
			name: TextMap,
			task: TextMap,
			due_on: v.nullable(v.string()),
			is_late: v.boolean()
		})
	),
	create_group: answer({ ok: { code: v.string() } }, 'not_allowed', 'invalid')
} satisfies Answers;
