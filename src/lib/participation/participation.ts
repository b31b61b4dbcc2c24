import type { SidebarData } from '#lib/database/answers/participation.ts';

export type {
	ChatMessage,
	ParticipationDefaults,
	ParticipationSettings,
	Poll,
	Question,
	QuestionState,
	ShownAs
} from '#lib/database/answers/participation.ts';

/** The content beside the video, for one reader; `readAt` by the server's clock: milliseconds since 1970. */
export type ParticipationData = SidebarData & { readAt: number };

/** Where a hand is raised. */
