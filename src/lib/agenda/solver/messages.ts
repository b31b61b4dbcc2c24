/* What the page and its worker say to each other. */
import type { PlaceReasons, Why } from './explain.ts';
import type { ProposedPlace, ScheduleFacts, ScheduleOptions } from './problem.ts';
import type { SessionProposal } from './proposal.ts';
import type { Progress } from './search.ts';

/** To the worker. */
export type ToSolver =
	| { kind: 'start'; facts: ScheduleFacts; options: ScheduleOptions; seed: number }
	| { kind: 'stop' }
	| { kind: 'why'; session: string }
	| { kind: 'why_not'; session: string; place: Pick<ProposedPlace, 'start' | 'room'> };

/** From the worker. */
export type FromSolver =
	| { kind: 'progress'; progress: Progress; total: number }
	| { kind: 'done'; proposed: SessionProposal[]; cost: number }
	| { kind: 'why'; session: string; why: Why | null }
	| { kind: 'why_not'; session: string; reasons: PlaceReasons | null };
