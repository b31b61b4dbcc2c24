/*
 * What the functions of the database answer, as far as the catalogue cannot say it: one schema each, from which the types are
 * inferred. Code that runs in browsers imports types from here and nothing else.
 */
import * as accounts from './accounts.ts';
import * as agendaBuilder from './agenda/builder.ts';
import * as agendaChanges from './agenda/changes.ts';
import * as agendaChecks from './agenda/checks.ts';
import * as agendaDraft from './agenda/draft.ts';
import * as agendaFacts from './agenda/facts.ts';
import * as agendaPreviews from './agenda/previews.ts';
import * as agendaSchedule from './agenda/schedule.ts';
import * as agendaSessions from './agenda/sessions.ts';
import * as announcements from './announcements.ts';
import * as audit from './audit.ts';
import * as backup from './backup.ts';
import * as badges from './badges.ts';
import * as calendar from './calendar.ts';
import * as campaigns from './campaigns.ts';
import * as captions from './captions.ts';
import * as community from './community.ts';
import * as commitments from './commitments.ts';
import * as library from './library.ts';
import * as doorCheckpoints from './door/checkpoints.ts';
import * as doorDesk from './door/desk.ts';
import * as doorDevices from './door/devices.ts';
import * as doorToday from './door/today.ts';
import * as evaluation from './evaluation.ts';
import * as faults from './faults.ts';
import * as files from './files.ts';
import * as groupPages from './group-pages.ts';
import * as groups from './groups.ts';
import * as helpDesk from './help-desk.ts';
import * as impact from './impact.ts';
import * as imports from './imports.ts';
import * as integrations from './integrations.ts';
import * as interpretation from './interpretation.ts';
import * as live from './live.ts';
import * as logistics from './logistics.ts';
import * as mail from './mail.ts';
import * as meetings from './meetings.ts';
import * as membersAllowances from './members/allowances.ts';
import * as membersImports from './members/imports.ts';
import * as membersMembers from './members/members.ts';
import * as organising from './organising.ts';
import * as pages from './pages.ts';
import * as participation from './participation.ts';
import * as paymentsBank from './payments/bank.ts';
import * as paymentsBooks from './payments/books.ts';
import * as paymentsCheckout from './payments/checkout.ts';
import * as paymentsFees from './payments/fees.ts';
import * as paymentsFinance from './payments/finance.ts';
import * as paymentsInvoices from './payments/invoices.ts';
import * as paymentsOrders from './payments/orders.ts';
import * as paymentsWaivers from './payments/waivers.ts';
import * as people from './people.ts';
import * as presence from './presence.ts';
import * as privacy from './privacy.ts';
import * as proposalsCall from './proposals/call.ts';
import * as proposalsProposals from './proposals/proposals.ts';
import * as proposalsReviews from './proposals/reviews.ts';
import * as proposalsSelection from './proposals/selection.ts';
import * as proposalsSideEvents from './proposals/side-events.ts';
import * as recording from './recording.ts';
import * as registrationAccreditation from './registration/accreditation.ts';
import * as registrationDelegation from './registration/delegation.ts';
import * as registrationFigures from './registration/figures.ts';
import * as registrationGuardians from './registration/guardians.ts';
import * as registrationRegistration from './registration/registration.ts';
import * as safeguardingAliases from './safeguarding/aliases.ts';
import * as safeguardingCases from './safeguarding/cases.ts';
import * as safeguardingConcerns from './safeguarding/concerns.ts';
import * as safeguardingOnCall from './safeguarding/on-call.ts';
import * as safeguardingReveals from './safeguarding/reveals.ts';
import * as safeguardingWatchList from './safeguarding/watch-list.ts';
import * as speakersDesk from './speakers/desk.ts';
import * as speakersWork from './speakers/work.ts';
import * as stageCamera from './stage/camera.ts';
import * as stageRooms from './stage/rooms.ts';
import * as stageStage from './stage/stage.ts';
import * as status from './status.ts';
import * as summits from './summits.ts';
import * as webhooks from './webhooks.ts';

/** By the name of the function: what it answers. */
export const answers = {
	...accounts.answers,
	...agendaBuilder.answers,
	...agendaChanges.answers,
	...agendaChecks.answers,
	...agendaDraft.answers,
	...agendaFacts.answers,
	...agendaPreviews.answers,
	...agendaSchedule.answers,
	...agendaSessions.answers,
	...announcements.answers,
	...audit.answers,
	...backup.answers,
	...badges.answers,
	...calendar.answers,
	...campaigns.answers,
	...captions.answers,
	...community.answers,
	...commitments.answers,
	...library.answers,
	...doorCheckpoints.answers,
	...doorDesk.answers,
	...doorDevices.answers,
	...doorToday.answers,
	...evaluation.answers,
	...faults.answers,
	...files.answers,
	...groupPages.answers,
	...groups.answers,
	...helpDesk.answers,
	...impact.answers,
	...imports.answers,
	...integrations.answers,
	...interpretation.answers,
	...logistics.answers,
	...mail.answers,
	...meetings.answers,
	...membersAllowances.answers,
	...membersImports.answers,
	...membersMembers.answers,
	...organising.answers,
	...pages.answers,
	...participation.answers,
	...paymentsBank.answers,
	...paymentsBooks.answers,
	...paymentsCheckout.answers,
	...paymentsFees.answers,
	...paymentsFinance.answers,
	...paymentsInvoices.answers,
	...paymentsOrders.answers,
	...paymentsWaivers.answers,
	...people.answers,
	...presence.answers,
	...privacy.answers,
	...proposalsCall.answers,
	...proposalsProposals.answers,
	...proposalsReviews.answers,
	...proposalsSelection.answers,
	...proposalsSideEvents.answers,
	...recording.answers,
	...registrationAccreditation.answers,
	...registrationDelegation.answers,
	...registrationFigures.answers,
	...registrationGuardians.answers,
	...registrationRegistration.answers,
	...safeguardingAliases.answers,
	...safeguardingCases.answers,
	...safeguardingConcerns.answers,
	...safeguardingOnCall.answers,
	...safeguardingReveals.answers,
	...safeguardingWatchList.answers,
	...speakersDesk.answers,
	...speakersWork.answers,
	...stageCamera.answers,
	...stageRooms.answers,
	...stageStage.answers,
	...status.answers,
	...summits.answers,
	...webhooks.answers
};

/** By the name of the function of `private`: the value, or each row of a table, that it answers. */
export const privateAnswers = {
	...accounts.privateAnswers,
	...agendaPreviews.privateAnswers,
	...agendaSessions.privateAnswers,
	...announcements.privateAnswers,
	...backup.privateAnswers,
	...badges.privateAnswers,
	...status.privateAnswers,
	...calendar.privateAnswers,
	...campaigns.privateAnswers,
	...captions.privateAnswers,
	...commitments.privateAnswers,
	...doorDevices.privateAnswers,
	...evaluation.privateAnswers,
	...files.privateAnswers,
	...helpDesk.privateAnswers,
	...impact.privateAnswers,
	...integrations.privateAnswers,
	...live.privateAnswers,
	...mail.privateAnswers,
	...meetings.privateAnswers,
	...pages.privateAnswers,
	...paymentsCheckout.privateAnswers,
	...presence.privateAnswers,
	...proposalsProposals.privateAnswers,
	...recording.privateAnswers,
	...registrationDelegation.privateAnswers,
	...registrationRegistration.privateAnswers,
	...safeguardingConcerns.privateAnswers,
	...safeguardingOnCall.privateAnswers,
	...stageCamera.privateAnswers,
	...stageRooms.privateAnswers,
	...stageStage.privateAnswers,
	...webhooks.privateAnswers
};
