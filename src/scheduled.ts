import type { Container } from "./container.ts";
import { log } from "./lib/log.ts";

/** Which service call each cron expression of wrangler.toml makes. */
const jobs: Record<string, (container: Container) => Promise<object>> = {
  "* * * * *": ({ sync }) => sync.run("cron"),
};

/** @throws what broke the job, or when none is registered for the cron: a failed run must look failed. */
export async function runScheduled(
  controller: ScheduledController,
  containerFor: () => Container,
): Promise<void> {
  const { cron } = controller;
  const job = jobs[cron];
  if (!job) throw new Error(`No job for cron "${cron}"`);
  try {
    const report = await job(containerFor());
    log("info", "job-finished", { cron, ...report });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : { message: String(error) };
    log("error", "job-failed", { cron, message, stack });
    throw error;
  }
}
