/** The server's answer to a piece: accepted, or no more of this part. */
export type PieceAnswer = 'ok' | 'over';

/** Sends one piece; throws without an answer. */
type PostPiece = (number: number, piece: Blob) => Promise<PieceAnswer>;

const pauses = [300, 1000, 2000, 4000];

/** Sends the pieces of one part in order, each until it is accepted: a broken connection loses none. `wait` in milliseconds, for tests. */
export class PieceQueue {
	/** The server wants no more of this part. */
	isOver = false;
	readonly #post: PostPiece;
	readonly #wait: (milliseconds: number) => Promise<void>;
	#last: Promise<void> = Promise.resolve();
	#count = 0;

	constructor(
		post: PostPiece,
		wait = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds))
	) {
		this.#post = post;
		this.#wait = wait;
	}

	/** Queues a piece; it is sent after those before it. */
	add(piece: Blob): void {
		const number = ++this.#count;
		this.#last = this.#last.then(() => this.#send(number, piece));
	}

	/** Resolves when all queued pieces are sent, or no longer wanted. */
	settled(): Promise<void> {
		return this.#last;
	}

	async #send(number: number, piece: Blob): Promise<void> {
		for (let tries = 0; !this.isOver; tries++) {
			try {
				if ((await this.#post(number, piece)) === 'over') this.isOver = true;
				return;
			} catch {
				await this.#wait(pauses[Math.min(tries, pauses.length - 1)] ?? 0);
			}
		}
	}
}
