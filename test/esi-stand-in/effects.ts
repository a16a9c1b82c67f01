/** What a fault does to an answer: any of these, in the order they are listed here. */
import type { Answer } from "./answers.ts";
import type { Call } from "./call.ts";

export type Effect = {
  /** The region's list is rebuilt before it is read. */
  readonly renewsList?: true;
  /** Answers in the route's place, or throws what `fetch` would reject with. */
  readonly instead?: (call: Call) => Answer | Promise<Answer>;
  /** Changes which contracts the list holds, before it is cut into pages. */
  readonly list?: (ids: readonly number[], call: Call) => readonly number[];
  /** Changes the route's answer, before it becomes a 304. */
  readonly alter?: (answer: Answer, call: Call) => Answer;
};
