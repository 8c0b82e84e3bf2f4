/** One thing to do, with the lines to add. */
export interface Step {
  /** A sentence that names the file. */
  readonly text: string;
  /** The lines; empty if there are none. */
  readonly code: string;
}
