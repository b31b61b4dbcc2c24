/** HTML that a page gets from its load function. Kit does not write it out as data: at 100 kB that costs as much as the page. */
export class SharedHtml {
	readonly html: string;

	constructor(html: string) {
		this.html = html;
	}
}
