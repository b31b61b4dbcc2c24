import { holdsRole, holdsUnconfirmed, organiserRoles, wasGranted, type Viewer } from './viewer.ts';

/**
 * Who may open a route: anybody, anybody signed in, or holders of one of the roles. Roles beside `signed-in`: everybody
 * who is signed in, but who holds one of these uses a passkey first.
 */
type Rule = 'anyone' | 'signed-in' | readonly string[];

/** The guard's decision; confirm: a role that the viewer holds counts only once they use a passkey. */
type GuardVerdict = 'enter' | 'sign-in' | 'confirm' | 'forbidden';

/** Route ids by their prefix; the longest match decides. A group that is not listed here opens for nobody. */
export const guardRules: Readonly<Record<string, Rule>> = {
	'/(public)': 'anyone',
	'/(account)': 'anyone',
	'/(account)/account': 'signed-in',
	'/(account)/account/signed-out': 'anyone',
	'/(community)': 'anyone',
	'/(community)/community/groups/new': ['community'],
	'/(community)/community/campaigns': ['community'],
	'/(community)/community/groups/[group]/people': 'signed-in',
	'/(community)/community/groups/[group]/settings': 'signed-in',
	'/(community)/community/groups/[group]/register': 'signed-in',
	'/(community)/community/groups/[group]/notices': 'signed-in',
	'/(community)/community/groups/[group]/pages/[page]/edit': 'signed-in',
	'/(community)/community/groups/[group]/meetings': 'signed-in',
	// Focal points, and the secretariat and the stage: the pages themselves refuse everybody else.
	'/(community)/community/commitments/own': 'signed-in',
	'/(community)/community/commitments/check': 'signed-in',
	// Those who submit documents, and those who review them.
	'/(community)/community/library/own': 'signed-in',
	'/(stage)': 'anyone',
	'/(stage)/community/groups/[group]/meetings': 'signed-in',
	'/(stage)/[summit]/live/desk': ['stage'],
	'/(stage)/[summit]/live/desk/camera': ['stage', 'programme'],
	'/(stage)/[summit]/live/[room]/hall/encoder': ['stage'],
	'/(delegate)': 'signed-in',
	'/(member)': 'signed-in',
	'/(speaker)': 'signed-in',
	'/(speaker)/[summit]/speak/invited': 'anyone',
	'/(speaker)/[summit]/propose': 'anyone',
	'/(speaker)/[summit]/propose/[proposal]': 'signed-in',
	'/(speaker)/[summit]/propose/review': 'signed-in',
	'/(speaker)/[summit]/propose/review/invited': 'anyone',
	'/(organiser)': ['owner'],
	'/(organiser)/[summit]': organiserRoles,
	'/(organiser)/[summit]/organise/agenda': ['programme'],
	'/(organiser)/[summit]/organise/proposals': ['programme'],
	'/(organiser)/[summit]/organise/speakers': ['programme'],
	'/(organiser)/[summit]/organise/registrations': ['registration'],
	'/(organiser)/[summit]/organise/figures': ['registration'],
	'/(organiser)/[summit]/organise/surveys': ['programme'],
	'/(organiser)/[summit]/organise/impact': ['programme'],
	'/(organiser)/[summit]/organise/members': ['registration', 'finance'],
	'/(organiser)/[summit]/organise/members/[id]/invite': ['registration'],
	'/(organiser)/[summit]/organise/imports': ['registration', 'programme'],
	'/(organiser)/[summit]/organise/seats': ['registration', 'finance'],
	'/(organiser)/[summit]/organise/seats/queue': ['registration'],
	'/(organiser)/[summit]/organise/orders': ['finance'],
	'/(organiser)/[summit]/organise/money': ['finance'],
	'/(organiser)/[summit]/organise/attendance': ['programme', 'stage', 'registration'],
	'/(organiser)/[summit]/organise/door': ['registration', 'safeguarding'],
	'/(organiser)/[summit]/organise/door/checkpoints': ['registration', 'programme'],
	'/(organiser)/[summit]/organise/badges': ['registration'],
	'/(organiser)/[summit]/organise/certificates': ['registration'],
	'/(organiser)/[summit]/organise/help-desk': ['registration'],
	'/(organiser)/[summit]/organise/help-desk/errors': ['registration', 'stage'],
	'/(organiser)/[summit]/organise/help-desk/protected': ['safeguarding'],
	'/(organiser)/[summit]/organise/help-desk/contact': ['registration', 'safeguarding'],
	'/(organiser)/[summit]/organise/help-desk/concern': ['registration', 'safeguarding', 'stage', 'programme', 'door'],
	'/(organiser)/[summit]/organise/recordings': ['programme'],
	'/(organiser)/[summit]/organise/today': ['programme', 'registration', 'stage', 'safeguarding'],
	'/(organiser)/[summit]/organise/announcements': ['programme', 'registration', 'stage', 'safeguarding'],
	'/(organiser)/[summit]/organise/status': ['programme', 'registration', 'stage'],
	'/(organiser)/[summit]/organise/reliability': ['programme', 'registration', 'stage', 'finance'],
	'/(organiser)/[summit]/organise/pages': ['programme'],
	'/(organiser)/[summit]/organise/mail': ['registration'],
	'/(organiser)/[summit]/organise/audit': ['registration', 'finance', 'safeguarding', 'stage', 'programme'],
	'/(organiser)/[summit]/organise/logistics': ['registration', 'programme', 'finance', 'stage', 'door', 'safeguarding'],
	'/(organiser)/[summit]/organise/needs': ['registration', 'programme', 'finance', 'stage', 'door', 'safeguarding'],
	'/(organiser)/[summit]/organise/logistics/letter': ['registration'],
	'/(organiser)/[summit]/organise/logistics/fields/copy': ['registration'],
	'/(organiser)/[summit]/organise/logistics/host': ['registration', 'safeguarding'],
	'/(organiser)/[summit]/organise/seats/pools': ['registration', 'finance', 'programme'],
	'/(organiser)/[summit]/organise/merges': ['registration', 'safeguarding'],
	'/(organiser)/[summit]/organise/reveals': ['safeguarding', 'registration'],
	'/(organiser)/[summit]/organise/safeguarding': ['safeguarding', 'owner'],
	// Leads, and deputies who hold no role: the page itself refuses everybody else.
	'/(organiser)/[summit]/organise/safeguarding/concerns': ['safeguarding', 'deputy', 'signed-in'],
	'/(organiser)/[summit]/organise/safeguarding/duties': ['safeguarding'],
	'/(organiser)/[summit]/organise/safeguarding/on-call': ['safeguarding'],
	'/(organiser)/[summit]/organise/safeguarding/cases': ['safeguarding', 'deputy', 'signed-in'],
	'/(organiser)/[summit]/organise/roles': ['owner', 'safeguarding'],
	'/(organiser)/[summit]/organise/settings': ['owner'],
	'/(organiser)/[summit]/organise/api-keys': ['owner'],
	'/(organiser)/[summit]/organise/webhooks': ['owner'],
	'/(organiser)/[summit]/organise/setup': ['owner'],
	'/(organiser)/[summit]/organise/copied': ['owner'],
	'/(organiser)/[summit]/organise/closing': ['owner'],
	'/(organiser)/[summit]/organise/settings/retention': ['owner', 'safeguarding'],
	'/(organiser)/[summit]/organise/settings/retention/[kind]': ['owner'],
	'/(door)': ['door', 'registration'],
	'/api': 'anyone',
	'/webhooks': 'anyone',
	'/healthz': 'anyone',
	'/readyz': 'anyone'
};

/** The rule for a route id; unknown groups open for owners only. */
export function ruleFor(routeId: string): Rule {
	const fitting = Object.keys(guardRules).filter((start) => routeId === start || routeId.startsWith(`${start}/`));
	const longest = fitting.sort((a, b) => b.length - a.length)[0];
	return (longest !== undefined && guardRules[longest]) || ['owner'];
}

/** Decides for a viewer and the Summit in the address (null where there is none). */
export function judge(rule: Rule, viewer: Viewer | null, summitId: string | null): GuardVerdict {
	if (rule === 'anyone') return 'enter';
	if (viewer === null) return 'sign-in';
	if (rule === 'signed-in') return 'enter';
	if (holdsRole(viewer, summitId, ...rule)) return 'enter';
	if (holdsUnconfirmed(viewer, summitId, ...rule)) return 'confirm';
	return rule.includes('signed-in') ? 'enter' : 'forbidden';
}

/** Whether a page of organisers opens to the viewer by a role at its Summit, used with a passkey or not yet. */
export function opensByRole(rule: Rule, viewer: Viewer, summitId: string): boolean {
	if (typeof rule === 'string') return false;
	return wasGranted(viewer, summitId, ...rule.filter((role) => role !== 'deputy'));
}
