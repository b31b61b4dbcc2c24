export type {
	ChatMessage,
	ParticipationData,
	ParticipationDefaults,
	ParticipationSettings,
	Poll,
	Question,
	QuestionState,
	ShownAs
} from '#lib/database/answers/participation.ts';

/** Where a hand is raised. */
