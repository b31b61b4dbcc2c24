/* `npm run bench`, or `npm run bench -- agenda rush`: measures and prints figures, and sets no limits. */
import { availableParallelism, loadavg } from 'node:os';
import { startStack, waitForLiveKit } from '../fixtures/summit.ts';
import { measureAccreditation } from './accreditation.ts';
import { measureAgenda } from './agenda.ts';
import { measureAnnouncements } from './announcements.ts';
import { measureBadges } from './badges.ts';
import { measureChecks, measureDragging } from './building.ts';
import { measureFirstSummit } from './first-summit.ts';
import { measureHostActions } from './host-actions.ts';
import { measureJourney } from './journey.ts';
import { measureLanguages } from './languages.ts';
import { measureLibrary } from './library.ts';
import { measureLargeAudience } from './large-audience.ts';
import { measureQuality, measureViewers } from './quality.ts';
import { measureLiveEvents } from './live-events.ts';
import { measureMeetingRoom } from './meeting-room.ts';
import { measureOpenPages } from './open-pages.ts';
import { measurePages } from './pages.ts';
import { measurePublishing } from './publishing.ts';
import { measureQuestions } from './questions.ts';
import { measureDoor } from './door.ts';
import { measureCascade, measureImport, measureQueue } from './queue.ts';
import { measureRush } from './rush.ts';
import { printScale } from './scale.ts';
import { measureSchedule } from './schedule.ts';
import { measureSignIn } from './sign-in.ts';
import { measureSignedIn } from './signed-in.ts';
import { measureStage } from './stage.ts';
import { measureStart } from './start.ts';
import { measureTasks } from './tasks.ts';

const measures = {
	pages: measurePages,
	agenda: measureAgenda,
	publishing: measurePublishing,
	'live-events': measureLiveEvents,
	questions: measureQuestions,
	'open-pages': measureOpenPages,
	announcements: measureAnnouncements,
	rush: measureRush,
	journey: measureJourney,
	'sign-in': measureSignIn,
	'signed-in': measureSignedIn,
	door: measureDoor,
	checks: measureChecks,
	dragging: measureDragging,
	accreditation: measureAccreditation,
	queue: measureQueue,
	import: measureImport,
	cascade: measureCascade,
	badges: measureBadges,
	languages: measureLanguages,
	library: measureLibrary,
	quality: measureQuality,
	viewers: measureViewers,
	'large-audience': measureLargeAudience,
	stage: measureStage,
	'meeting-room': measureMeetingRoom,
	'host-actions': measureHostActions,
	tasks: measureTasks
};
process.env.CHECK_ANSWERS = 'no';
const asked = process.argv.slice(2);
const wanted = (name: string) => asked.length === 0 || asked.includes(name);

if (wanted('start')) await measureStart();
if (wanted('first-summit')) await measureFirstSummit();
if (wanted('schedule')) await measureSchedule();
if (wanted('scale')) printScale();
if (Object.keys(measures).some(wanted)) {
	const stack = await startStack({ sample: true });
	try {
		await waitForLiveKit(stack);
		for (const [name, measure] of Object.entries(measures).filter(([name]) => wanted(name))) {
			// What other programs do here lengthens every figure.
			console.log(`\n${name}, begun at a load of ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`);
			await measure(stack);
		}
	} finally {
		await stack.stop();
	}
}
