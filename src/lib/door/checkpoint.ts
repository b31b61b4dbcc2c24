export type { Checkpoint } from '#lib/database/answers/door/checkpoints.ts';

/** Kinds of checkpoints, as the database names them. */
export const checkpointKinds = ['entrance', 'room', 'session', 'meal', 'other'] as const;
