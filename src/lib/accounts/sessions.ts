/** One browser in which the reader is signed in. */
export interface SignedIn {
	id: string;
	/** "Firefox, Android"; '' when its browser is unknown. */
	device: string;
	since: string;
	/** When it was last seen, to within an hour. */
	seen: string;
	is_this: boolean;
}
