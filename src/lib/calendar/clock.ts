/** Minutes as hours and minutes: 90 is "01:30". */
export function clockOfMinutes(minutes: number): string {
	return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
