/** Prepared bytes that are inserted into a page when it is sent, with a key that changes when they change. */
export interface PageFragment {
	bytes: Buffer;
	tag: string;
}
