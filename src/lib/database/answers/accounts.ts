import { enums } from '#lib/database/types.ts';
import { locales } from '#lib/i18n/locale.ts';
import * as v from 'valibot';
import { DraftSlot } from './agenda/draft.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** A person who may act for another, or requests it. */
const Acting = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	scope: v.picklist(['registration', 'all', 'speaking']),
	until: v.nullable(v.string())
});

/** A person who acts for the reader: named by the address that the reader typed, sealed, and never by who holds it. */
const SealedAssistant = v.strictObject({
	id: v.string(),
	scope: v.picklist(['registration', 'all', 'speaking']),
	until: v.nullable(v.string()),
	display_name: v.nullable(v.string()),
	address_sealed: v.nullable(v.string()),
	key_id: v.nullable(v.string())
});

/** Who acts for the reader, for whom the reader acts, and open offers to the reader. */
export const AssistantLists = v.strictObject({
	for_me: v.array(SealedAssistant),
	i_for: v.array(Acting),
	asked: v.array(Acting)
});
export type AssistantLists = v.InferOutput<typeof AssistantLists>;

/** One role that a person holds. */
export const Grant = v.strictObject({
	id: v.string(),
	person_id: v.string(),
	display_name: v.string(),
	office: v.string(),
	role: v.string(),
	is_for_all: v.boolean(),
	granted_at: v.string(),
	is_me: v.boolean(),
	/** An owner ends it, or its holder. */
	may_end: v.boolean(),
	has_account: v.boolean(),
	/** When it ends by itself. */
	until: v.nullable(v.string()),
	has_passkey: v.boolean(),
	/** The reader may, and there is something to reset. */
	may_reset_passkeys: v.boolean(),
	/** For a role that takes two people: who decided it. */
	named: v.nullable(
		v.strictObject({
			proposed_by: v.nullable(v.string()),
			confirmed_by: v.nullable(v.string()),
			is_self_confirmed: v.boolean(),
			is_without_lead: v.boolean()
		})
	)
});
export type Grant = v.InferOutput<typeof Grant>;

/** A person found by name. */
export const FoundPerson = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string()
});
export type FoundPerson = v.InferOutput<typeof FoundPerson>;

/** What the holder of a link reads; its subject only after proving the address. `mine` is null for readers who are signed out. */
export const SessionInvitation = v.strictObject({
	state: v.picklist(['open', 'accepted', 'declined', 'withdrawn', 'expired']),
	part: v.string(),
	as_assistant: v.boolean(),
	until: v.string(),
	/** Slug. */
	summit: v.string(),
	mine: v.nullable(v.boolean()),
	id: v.optional(v.string()),
	title: v.optional(TextMap),
	/** Its first time in the draft; null where it has none yet. */
	starts_at: v.optional(v.nullable(v.string())),
	ends_at: v.optional(v.nullable(v.string())),
	/** Who invites. */
	by: v.optional(v.nullable(v.string())),
	/** The person for whom the reader answers. */
	for: v.optional(v.nullable(v.string()))
});
export type SessionInvitation = v.InferOutput<typeof SessionInvitation>;

/** An open offer in the list of those who may make it: under the name that was entered, never under the holder's. */
export const RoleInvitation = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	role: v.string(),
	/** Offered to a person's assistant. */
	as_assistant: v.boolean(),
	/** A role for all Summits. */
	is_for_all: v.boolean(),
	invited_at: v.string()
});
export type RoleInvitation = v.InferOutput<typeof RoleInvitation>;

/** An open offer as its recipient reads it: a role of an organiser, or a part in a session. */
export const MyInvitation = v.strictObject({
	id: v.string(),
	role: v.nullable(v.string()),
	part: v.nullable(v.string()),
	invited_at: v.string(),
	/** The person for whom the reader answers as an assistant; null for themselves. */
	for: v.nullable(v.string()),
	summit: v.strictObject({
		slug: v.string(),
		name: TextMap,
		zone: v.string()
	}),
	session: v.nullable(
		v.strictObject({
			title: TextMap,
			slots: v.array(DraftSlot)
		})
	)
});
export type MyInvitation = v.InferOutput<typeof MyInvitation>;

/** One browser in which the reader is signed in. */
export const SignedIn = v.strictObject({
	id: v.string(),
	/** "Firefox, Android"; '' when its browser is unknown. */
	device: v.string(),
	since: v.string(),
	/** When it was last seen, to within an hour. */
	seen: v.string(),
	is_this: v.boolean()
});
export type SignedIn = v.InferOutput<typeof SignedIn>;

/** One passkey of the reader. */
export const Passkey = v.strictObject({
	id: v.string(),
	name: v.string(),
	/** Synchronised between the person's devices. */
	is_backed_up: v.boolean(),
	created_at: v.string(),
	last_used_at: v.nullable(v.string())
});
export type Passkey = v.InferOutput<typeof Passkey>;

/** What these functions answer. */
export const answers = {
	who_am_i: v.nullable(
		v.strictObject({
			account_id: v.string(),
			person_id: v.string(),
			display_name: v.string(),
			has_alias: v.boolean(),
			locale: v.picklist(locales),
			time_zone: v.nullable(v.string()),
			roles: v.array(v.strictObject({ role: v.picklist(enums.organiser_role), summit_id: v.nullable(v.string()) })),
			unconfirmed_roles: v.array(
				v.strictObject({
					role: v.picklist([...enums.organiser_role, 'deputy']),
					summit_id: v.nullable(v.string())
				})
			),
			has_passkey: v.boolean(),
			focal: v.array(v.strictObject({ summit_id: v.string(), member_id: v.string() })),
			speaks: v.array(v.string()),
			registered: v.array(v.string())
		})
	),
	list_assistants: AssistantLists,
	list_roles: v.array(Grant),
	find_people: v.array(FoundPerson),
	list_role_proposals: v.array(
		v.strictObject({
			id: v.string(),
			display_name: v.string(),
			role: v.string(),
			is_deputy: v.boolean(),
			is_for_all: v.boolean(),
			until: v.nullable(v.string()),
			proposed_by: v.nullable(v.string()),
			proposed_at: v.string(),
			expires_at: v.string(),
			is_mine: v.boolean(),
			may_confirm: v.boolean(),
			/** Names of those who may confirm it. */
			waits_for: v.array(v.string()),
			address_sealed: v.nullable(v.string()),
			key_id: v.nullable(v.string())
		})
	),
	read_session_invitation: v.nullable(SessionInvitation),
	list_role_invitations: v.array(RoleInvitation),
	my_role_invitations: v.array(MyInvitation),
	list_auth_sessions: v.array(SignedIn),
	read_passkeys: v.nullable(
		v.strictObject({
			passkeys: v.array(Passkey),
			/** How many can still be used. */
			recovery_codes: v.number(),
			/** By a role. */
			is_required: v.boolean(),
			/** In this session, now. */
			may_add: v.boolean()
		})
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	passkeys_of_session: v.strictObject({
		credential_id: v.instance(Buffer),
		transports: v.array(v.string()),
		user_handle: v.instance(Buffer)
	}),
	find_passkey: v.strictObject({ id: v.string(), public_key: v.instance(Buffer) }),
	list_assistant_invitations: v.strictObject({
		id: v.string(),
		address_sealed: v.instance(Buffer),
		key_id: v.string(),
		scope: v.picklist(['registration', 'all', 'speaking']),
		until: v.date()
	}),
	sample_people: v.strictObject({
		person_id: v.string(),
		display_name: v.string(),
		description: v.string(),
		address_sealed: v.instance(Buffer),
		key_id: v.string()
	}),
	request_sign_in_code: v.strictObject({
		status: v.picklist(['ok', 'limited']),
		challenge: v.nullable(v.string()),
		retry_after: v.number()
	})
} satisfies PrivateAnswers;
