/** Runs the project's commands as a person does: as a process, with its output and exit code. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export type Outcome = { code: number | null; stdout: string; stderr: string };

/** @param script - a file of `src/cli`. */
export async function runCommand(script: string, args: readonly string[]): Promise<Outcome> {
  const command = [join(root, "src/cli", script), ...args];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const code = await new Promise<number | null>((done, reject) => {
    child.on("error", reject);
    child.on("close", done);
  });
  return { code, stdout, stderr };
}
