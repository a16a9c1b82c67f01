/** What the commands of this folder have in common: how they tell of progress, and of failure. */
import type { Report } from "./universe/source-entry.ts";

const redrawMs = 100;

/**
 * Shows progress. On a terminal it redraws one line with the current step and how far it is.
 * Elsewhere, such as in a log, it prints one line for each step. A step that cannot say how far it
 * is shows how long it takes.
 */
export function createProgress(stream: NodeJS.WriteStream): { report: Report; end: () => void } {
  let step = "";
  let done: number | undefined;
  let startedAt = 0;
  let drawnAt = 0;

  const draw = () => {
    drawnAt = Date.now();
    const seconds = Math.floor((drawnAt - startedAt) / 1000);
    const progress = done === undefined ? `${seconds} s` : `${Math.floor(done * 100)} %`;
    stream.write(`\r\u001b[2K${step} … ${progress}`);
  };
  const timer = stream.isTTY
    ? setInterval(() => {
        if (step !== "") draw();
      }, 1000).unref()
    : undefined;

  return {
    report(next, nextDone) {
      const isNew = next !== step;
      if (isNew) startedAt = Date.now();
      step = next;
      done = nextDone;
      if (!stream.isTTY && isNew) stream.write(`${step} …\n`);
      if (stream.isTTY && (isNew || Date.now() - drawnAt >= redrawMs)) draw();
    },
    end() {
      clearInterval(timer);
      if (stream.isTTY && step !== "") stream.write("\r\u001b[2K");
      step = "";
    },
  };
}

/** Runs a command. An error is printed with its causes, and the exit code is 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`\n${causesOf(error).join("\n  because: ")}\n`);
    process.exitCode = 1;
  }
}

function causesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.message, ...(error.cause === undefined ? [] : causesOf(error.cause))];
}
