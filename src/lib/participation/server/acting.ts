import type { RpcCall } from '#lib/database/calls.ts';
import { rpcOf } from '#lib/database/server/rpc.ts';
import {
	checkbox,
	id,
	list,
	optionalLines,
	requiredLines,
	requiredText,
	wholeNumber,
	yesNo
} from '#lib/forms/fields.ts';
import { oneLine } from '#lib/forms/one-line.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { participationRefusal, type ParticipationAct, type ParticipationRefusal } from '#lib/participation/words.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';

/** An action: a form's fields become the arguments of one function of the database, whose refusal becomes a message. */
function act<Schema extends v.GenericSchema>(
	form: string,
	schema: Schema,
	call: (input: v.InferOutput<Schema>) => RpcCall<ParticipationAct>,
	/** Refusals with their own message here. */
	own: Partial<Record<ParticipationRefusal, () => string>> = {}
) {
	return formAction(form, schema, async (input, event: RequestEvent) => {
		const status = await rpcOf<ParticipationAct>(event.locals.supabase, ...call(input));
		// A repeated act, or one that somebody else did a moment before, counts as done.
		if (status === 'ok' || status === 'waiting' || status === 'already') return acted(event);
		return refuse('', own[status]?.() ?? participationRefusal(status));
	});
}

const names = v.optional(v.picklist(['name', 'affiliation', 'nobody']), 'nobody');

/** Form actions of the questions of a run; the database decides who may. */
export const questionActions = {
	ask: act('ask', v.object({ run: id(), question: requiredLines(2000), shown_as: names }), (input) => [
		'ask_question',
		{ run: input.run, body: input.question, shown_as: input.shown_as }
	]),
	askBack: act('take', v.object({ id: id() }), (input) => ['withdraw_question', { question: input.id }]),
	vote: act('take', v.object({ id: id(), up: yesNo() }), (input) => [
		'vote_for_question',
		{ question: input.id, up: input.up }
	]),
	moderate: act(
		'take',
		v.object({ id: id(), state: v.picklist(['asked', 'approved', 'current', 'answered', 'declined']) }),
		(input) => ['set_question_state', { question: input.id, state: input.state }]
	),
	merge: act('take', v.object({ id: id(), into: id() }), (input) => [
		'merge_questions',
		{ question: input.id, into_question: input.into }
	]),
	questionRules: act(
		'take',
		v.object({ session: id(), takes_questions: checkbox(), approve_first: checkbox() }),
		({ session, ...settings }) => ['save_participation_settings', { session, settings }]
	)
};

const one = v.object({ id: id() });

/** Form actions of raised hands. */
const handActions = {
	raise: act(
		'hand',
		v.object({
			run: id(),
			place: v.optional(v.picklist(['hall', 'home'])),
			with_camera: checkbox(),
			asked: v.optional(v.literal('yes')),
			may_record: checkbox()
		}),
		({ run, place, with_camera, asked, may_record }) => [
			'raise_hand',
			{ run, place: place ?? null, with_camera, may_record: asked ? may_record : null }
		],
		{ closed: m.participation_hand_closed, too_soon: m.participation_hand_too_soon }
	),
	lower: act('hand', v.object({ run: id() }), ({ run }) => ['lower_hand', { run }]),
	unrecord: act('hand', v.object({ session: id() }), ({ session }) => ['withdraw_floor_consent', { session }]),
	call: act('hand', one, (input) => ['call_hand', { hand: input.id }], {
		guardian: m.participation_hand_guardian_missing
	}),
	endTurn: act('hand', one, (input) => ['end_turn', { hand: input.id }]),
	lowerAll: act('hand', v.object({ run: id() }), ({ run }) => ['lower_all_hands', { run }]),
	handRules: act('hand', v.object({ session: id(), takes_hands: checkbox() }), ({ session, ...settings }) => [
		'save_participation_settings',
		{ session, settings }
	])
};

/** Mutes the author of a message, or unmutes them. */
export const muteAuthor = act('chat', v.object({ id: id(), muted: yesNo() }), (input) => [
	'mute_author',
	{ message: input.id, muted: input.muted }
]);

/** Form actions of the chat. */
const chatActions = {
	// The database decides what is too long; the typed text is returned with its message.
	write: act('chat', v.object({ run: id(), text: requiredLines(400_000) }), ({ run, text }) => [
		'send_message',
		{ run, body: text }
	]),
	takeAway: act('chat', one, (input) => ['delete_message', { message: input.id }]),
	mute: muteAuthor,
	barAuthor: act('chat', v.object({ id: id(), barred: yesNo() }), (input) => [
		'bar_author',
		{ message: input.id, barred: input.barred }
	]),
	chatRules: act(
		'chat',
		v.object({
			session: id(),
			chat: v.picklist(['off', 'open', 'slow', 'people']),
			slow_seconds: v.optional(wholeNumber(5, 600))
		}),
		({ session, ...settings }) => ['save_participation_settings', { session, settings }]
	)
};

/** The options of a poll, one for each line. */
export const optionLines = v.pipe(
	optionalLines(3000),
	v.transform((words) => words.split('\n').map(oneLine).filter(Boolean))
);

/** Form actions of polls. */
export const pollActions = {
	poll: act(
		'poll',
		v.object({
			session: id(),
			poll_question: requiredText(300),
			kind: v.picklist(['single', 'multiple', 'rating']),
			options: optionLines,
			by_sector: checkbox(),
			may_change: checkbox(),
			results_at_end: checkbox(),
			open: v.optional(v.picklist(['yes', 'no']), 'no')
		}),
		({ session, poll_question, open, ...rest }) => [
			'create_poll',
			{ session, question: poll_question, ...rest, open_now: open === 'yes' }
		],
		{ invalid: m.participation_poll_refused }
	),
	pollState: act('vote', v.object({ id: id(), state: v.picklist(['open', 'closed']) }), (input) => [
		'set_poll_state',
		{ poll: input.id, state: input.state }
	]),
	pollShow: act('vote', v.object({ run: id(), poll: v.optional(id()) }), ({ run, poll }) => [
		'show_poll',
		{ run, poll: poll ?? null }
	]),
	pollDrop: act('vote', one, (input) => ['delete_poll', { poll: input.id }]),
	pollVote: act(
		'vote',
		v.object({ id: id(), 'option[]': list(id()) }),
		(input) => ['vote_in_poll', { poll: input.id, options: input['option[]'] }],
		{ closed: m.participation_poll_refused_closed }
	)
};

/** All form actions of the sidebar. */
export const participationActions = { ...questionActions, ...handActions, ...chatActions, ...pollActions };
