import { organiserRoles, wasGranted, type Viewer } from './viewer.ts';

/** A Summit that is shown to readers. */
interface ShownSummit {
	id: string;
	slug: string;
}

/**
 * The path at which a person's work at the Summit begins: staff at the console, door staff at the door, focal points at the seats of
 * their member, speakers at their sessions, others who are registered at their own page. Null for those who have nothing there yet.
 */
export function homePath(viewer: Viewer, { id, slug }: ShownSummit): string | null {
	if (wasGranted(viewer, id, ...organiserRoles)) return `/${slug}/organise`;
	if (wasGranted(viewer, id, 'door')) return `/${slug}/door`;
	if (viewer.focal.some(({ summitId }) => summitId === id)) return `/${slug}/delegation`;
	if (viewer.speaks.includes(id)) return `/${slug}/speak`;
	return viewer.registered.includes(id) ? `/${slug}/me` : null;
}
