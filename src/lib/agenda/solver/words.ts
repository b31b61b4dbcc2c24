import { joinFacts, joinList, joinStatements } from '#lib/i18n/list.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { codeWord } from '../checks/words.ts';
import type { BrokenRule, LostWish, PlaceReasons } from './explain.ts';
import type { Wish } from './problem.ts';
import type { ProposedChange } from './proposal.ts';

/** A wish in organisers' words. */
export function wishWord(wish: Wish): string {
	return {
		marks: m.agenda_propose_wish_marks,
		track: m.agenda_propose_wish_track,
		members: m.agenda_propose_wish_members,
		balance: m.agenda_propose_wish_balance,
		plenary: m.agenda_propose_wish_plenary,
		breaks: m.agenda_propose_wish_breaks,
		rooms: m.agenda_propose_wish_rooms,
		size: m.agenda_propose_wish_size,
		stay: m.agenda_propose_wish_stay,
		notes: m.agenda_propose_wish_notes
	}[wish]();
}

/** How much a wish weighs. */
export function weightWord(weight: number): string {
	if (weight === 0) return m.agenda_propose_weight_none();
	if (weight <= 2) return m.agenda_propose_weight_little();
	return weight <= 5 ? m.agenda_propose_weight_normal() : m.agenda_propose_weight_strong();
}

/** What becomes of a session, in a word or two. */
export function proposedWord(change: ProposedChange): string {
	return {
		placed: m.agenda_propose_placed,
		moved: m.agenda_propose_moved,
		unplaced: m.agenda_propose_unplaced,
		stays: m.agenda_propose_stays,
		stuck: m.agenda_propose_stuck
	}[change]();
}

/** Names of people and titles of sessions by id; '' for those that are not known. */
export interface Names {
	person: (id: string) => string;
	session: (id: string) => string;
}

/** The name of a rule. */
export function ruleWord(code: BrokenRule['code']): string {
	if (code === 'room_taken') return m.agenda_propose_room_taken();
	if (code === 'room_quiet') return m.ui_quiet_room();
	return code === 'time_not_offered' ? m.agenda_propose_time_not_offered() : codeWord(code);
}

/** A broken rule with whom and what it concerns: "Same person, two rooms: Ana Lima, Opening". */
export function brokenWords({ code, person, other, things, seats }: BrokenRule, names: Names): string {
	const about = [
		...(person ? [isolated(names.person(person))] : []),
		...(other ? [isolated(names.session(other))] : []),
		...(seats === undefined ? [] : [m.agenda_propose_seats({ count: seats })]),
		...(things ?? []).map((thing) => isolated(thing))
	].filter(Boolean);
	return about.length === 0
		? ruleWord(code)
		: m.agenda_propose_about({ what: ruleWord(code), about: joinFacts(about) });
}

/** A wish that is not met, with the sessions that it is about. */
function lostWords({ wish, cost, others }: LostWish, names: Names): string {
	const met = others.slice(0, 3).map((id) => isolated(names.session(id)));
	const what =
		met.length === 0 ? wishWord(wish) : m.agenda_propose_about({ what: wishWord(wish), about: joinList(met) });
	return m.agenda_propose_costs({ what, cost: number(cost) });
}

/** What a place would mean, in sentences. */
export function reasonLines({ rules, wishes }: PlaceReasons, names: Names): string[] {
	const broken = [...new Set(rules.map((rule) => brokenWords(rule, names)))];
	const lost = [...wishes].sort((one, other) => other.cost - one.cost).map((wish) => lostWords(wish, names));
	return [
		broken.length === 0 ? m.agenda_propose_no_rule() : m.agenda_propose_breaks_rules({ rules: joinStatements(broken) }),
		...(lost.length === 0 ? [] : [m.agenda_propose_lost({ wishes: joinStatements(lost) })])
	];
}
