/* What the page and its worker say to each other. */
import type { PlaceReasons, Why } from './explain.ts';
import type { Place, ScheduleFacts, ScheduleOptions } from './problem.ts';
import type { Proposed } from './proposal.ts';
import type { Progress } from './search.ts';

/** To the worker. */
export type Asked =
	| { kind: 'start'; facts: ScheduleFacts; options: ScheduleOptions; seed: number }
	| { kind: 'stop' }
	| { kind: 'why'; session: string }
	| { kind: 'why_not'; session: string; place: Pick<Place, 'start' | 'room'> };

/** From the worker. */
export type Answered =
	| { kind: 'progress'; progress: Progress; total: number }
	| { kind: 'done'; proposed: Proposed[]; cost: number }
	| { kind: 'why'; session: string; why: Why | null }
	| { kind: 'why_not'; session: string; reasons: PlaceReasons | null };
