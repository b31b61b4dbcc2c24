import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import { OpenedDocument } from './files.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** A member as a commitment names it, as of the commitment's Summit. */
export const CommitmentMember = v.strictObject({
	id: v.string(),
	code: v.string(),
	name: v.string(),
	sector: v.picklist(enums.sector),
	country: v.nullable(v.string()),
	region: v.string()
});
export type CommitmentMember = v.InferOutput<typeof CommitmentMember>;

const Theme = v.strictObject({ slug: v.string(), name: TextMap });
const MemberName = v.strictObject({ id: v.string(), name: v.string() });

const textFields = {
	code: v.string(),
	number: v.number(),
	title: TextMap,
	summary: TextMap,
	beneficiaries: TextMap,
	indicator: TextMap,
	unit: TextMap,
	baseline: v.number(),
	target: v.number(),
	due_on: v.string(),
	theme: Theme,
	countries: v.array(v.string()),
	/** In minor units of the currency. */
	budget: v.nullable(v.number()),
	currency: v.nullable(v.string()),
	audience: v.picklist(enums.commitment_audience),
	summit: v.strictObject({ slug: v.string(), name: TextMap }),
	member: CommitmentMember,
	partners: v.array(CommitmentMember),
	session: v.nullable(v.strictObject({ code: v.string(), title: TextMap }))
};

/** One version of a commitment. */
export const CommitmentText = v.strictObject(textFields);
export type CommitmentText = v.InferOutput<typeof CommitmentText>;

const shownFields = {
	...textFields,
	status: v.picklist(['not_reported', 'on_track', 'at_risk', 'delivered', 'overdue', 'withdrawn']),
	/** Whether the secretariat verified the latest report. */
	is_verified: v.boolean(),
	announced_at: v.string(),
	/** What the latest report says was reached. */
	value: v.nullable(v.number()),
	reported_at: v.nullable(v.string()),
	withdrawn_at: v.nullable(v.string())
};

/** An announced commitment in the register. */
export const RegisteredCommitment = v.strictObject(shownFields);
export type RegisteredCommitment = v.InferOutput<typeof RegisteredCommitment>;

/** A commitment on the page of the session that it names. */
export const SessionCommitment = v.strictObject({
	code: v.string(),
	title: TextMap,
	/** The name of its lead. */
	member: v.string(),
	status: shownFields.status
});
export type SessionCommitment = v.InferOutput<typeof SessionCommitment>;

/** The register as its reader sees it. */
export const CommitmentRegister = v.strictObject({
	themes: v.array(Theme),
	commitments: v.array(RegisteredCommitment)
});
export type CommitmentRegister = v.InferOutput<typeof CommitmentRegister>;

/** A report of progress. */
export const CommitmentReport = v.strictObject({
	id: v.string(),
	member: v.string(),
	progress: v.picklist(enums.commitment_progress),
	value: v.nullable(v.number()),
	body: TextMap,
	links: v.array(v.strictObject({ url: v.string(), title: v.string() })),
	files: v.array(
		v.strictObject({
			id: v.string(),
			/** Null: it was removed. */
			name: v.nullable(v.string()),
			media_type: v.nullable(v.string()),
			size: v.nullable(v.number()),
			state: v.picklist(['kept', 'checking', 'refused', 'removed']),
			removed_at: v.nullable(v.string())
		})
	),
	/** Whether the reader may add files to it. */
	adds_files: v.boolean(),
	written_at: v.string(),
	verified_at: v.nullable(v.string()),
	/** For those who run the community alone. */
	verified_by: v.nullable(v.string())
});
export type CommitmentReport = v.InferOutput<typeof CommitmentReport>;

/** One announced commitment with its history. */
export const CommitmentPage = v.strictObject({
	...shownFields,
	id: v.string(),
	withdrawn_reason: v.string(),
	versions: v.array(
		v.strictObject({
			number: v.number(),
			announced_at: v.string(),
			title: TextMap,
			baseline: v.number(),
			target: v.number(),
			unit: TextMap,
			due_on: v.string(),
			note: v.string()
		})
	),
	reports: v.array(CommitmentReport),
	/** For people of members alone. */
	comments: v.nullable(v.array(v.strictObject({ member: v.string(), body: v.string(), written_at: v.string() }))),
	/** The members for which the reader may report, and those for which they may comment. */
	acts: v.array(MemberName),
	comments_as: v.array(MemberName),
	verifies: v.boolean()
});
export type CommitmentPage = v.InferOutput<typeof CommitmentPage>;

/** The newest version of a commitment, for those who work on it. */
export const CommitmentWork = v.strictObject({
	...textFields,
	id: v.string(),
	summit_id: v.string(),
	/** The zone of its Summit: announcements are scheduled by that clock. */
	zone: v.string(),
	version: v.number(),
	state: v.picklist(enums.commitment_state),
	note: v.string(),
	/** The version that readers are shown. */
	shown: v.nullable(v.number()),
	scheduled_at: v.nullable(v.string()),
	drafted_by: v.nullable(v.string()),
	is_lead: v.boolean(),
	members: v.array(
		v.strictObject({
			id: v.string(),
			name: v.string(),
			agreed: v.boolean(),
			may_ask: v.boolean(),
			/** To whom the open link went: the first letter and the domain. */
			asked: v.nullable(v.string())
		})
	),
	steps: v.array(
		v.strictObject({
			number: v.number(),
			step: v.picklist(enums.commitment_step),
			member: v.nullable(v.string()),
			reason: v.string(),
			effective_at: v.string(),
			made_at: v.string()
		})
	)
});
export type CommitmentWork = v.InferOutput<typeof CommitmentWork>;

/** The work of a focal point. */
export const OwnCommitments = v.strictObject({
	members: v.array(
		v.strictObject({
			id: v.string(),
			name: v.string(),
			summits: v.array(v.strictObject({ id: v.string(), slug: v.string(), name: TextMap }))
		})
	),
	themes: v.array(Theme),
	commitments: v.array(CommitmentWork)
});
export type OwnCommitments = v.InferOutput<typeof OwnCommitments>;

/** What waits to be checked and announced. */
export const CommitmentsToCheck = v.strictObject({
	/** Whether the reader runs the community; else they may announce alone. */
	runs: v.boolean(),
	months: v.nullable(v.number()),
	themes: v.array(v.strictObject({ slug: v.string(), name: TextMap, position: v.number(), is_retired: v.boolean() })),
	commitments: v.array(CommitmentWork)
});
export type CommitmentsToCheck = v.InferOutput<typeof CommitmentsToCheck>;

/** What the page of a personal link shows. */
export const CommitmentLink = v.strictObject({
	is_open: v.boolean(),
	member: v.string(),
	until: v.string(),
	commitment: v.nullable(CommitmentText)
});
export type CommitmentLink = v.InferOutput<typeof CommitmentLink>;

/** What these functions answer. */
export const answers = {
	list_commitments: CommitmentRegister,
	list_session_commitments: v.array(SessionCommitment),
	read_member_page: v.nullable(CommitmentMember),
	read_commitment: v.nullable(CommitmentPage),
	my_commitments: OwnCommitments,
	list_commitment_work: v.nullable(CommitmentsToCheck),
	begin_commitment_file: answer({}, 'ok', 'not_found', 'full'),
	add_commitment_file: answer({}, 'ok', 'not_found', 'full', 'invalid'),
	open_commitment_file: v.nullable(OpenedDocument),
	save_commitment: answer({ ok: { code: v.string() } }, 'not_found', 'invalid', 'conflict', 'closed', 'limited')
} satisfies Answers;

/** What these functions of `private` answer. */
export const privateAnswers = {
	object_of_commitment_file: v.nullable(v.string()),
	read_commitment_link: v.nullable(CommitmentLink)
} satisfies PrivateAnswers;
