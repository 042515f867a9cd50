/** What user code prints, bounded: the beginning of a run's as it comes, its end when the run is over, and how much lies between. */

import { StringDecoder } from 'node:string_decoder';

/** Bytes shown of each run before anything is left out, and at its end. */
const HEAD = 256 * 1024;
const TAIL = 64 * 1024;
/** The pipe of the output is read apart from that of the answers: the end of a run's output may come after its answer. */
const QUIET_MS = 100;

export class BoundedOutput {
  private decoder = new StringDecoder('utf8');
  private room = HEAD;
  /** The newest chunks, at least TAIL bytes where there were as many. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  private leftOut = 0;
  private quiet: NodeJS.Timeout | null = null;
  private ending = false;

  constructor(private readonly show: (text: string) => void) {}

  write(data: Buffer): void {
    const now = data.subarray(0, this.room);
    this.room -= now.length;
    this.print(this.decoder.write(now));
    this.hold(data.subarray(now.length));
    if (this.ending) {
      this.awaitQuiet();
    }
  }

  /** A run begins: what follows is its own. */
  begin(): void {
    this.flush();
    this.room = HEAD;
  }

  /** The run is over: its end is shown once nothing more comes. */
  end(): void {
    this.ending = true;
    this.awaitQuiet();
  }

  /** Shows the end of what was held back, and tells how much is left out before it. */
  flush(): void {
    this.ending = false;
    if (this.quiet !== null) {
      clearTimeout(this.quiet);
      this.quiet = null;
    }
    if (this.heldBytes === 0) {
      return;
    }
    const tail = Buffer.concat(this.held).subarray(-TAIL);
    const leftOut = this.leftOut + this.heldBytes - tail.length;
    this.print(this.decoder.end());
    if (leftOut > 0) {
      this.print(`\n[Layer Peek left out ${leftOut.toLocaleString('en')} bytes of output here]\n`);
    }
    this.held = [];
    this.heldBytes = 0;
    this.leftOut = 0;
    this.print(this.decoder.write(tail));
  }

  private hold(data: Buffer): void {
    if (data.length === 0) {
      return;
    }
    this.held.push(data);
    this.heldBytes += data.length;
    for (let oldest = this.held[0]; oldest !== undefined && this.heldBytes - oldest.length >= TAIL; ) {
      this.held.shift();
      this.heldBytes -= oldest.length;
      this.leftOut += oldest.length;
      oldest = this.held[0];
    }
  }

  private awaitQuiet(): void {
    if (this.quiet === null) {
      this.quiet = setTimeout(() => this.flush(), QUIET_MS);
      this.quiet.unref();
    } else {
      this.quiet.refresh();
    }
  }

  private print(text: string): void {
    if (text !== '') {
      this.show(text);
    }
  }
}
