/** What wrangler.toml does not declare, since a deployment may do without: see src/config.ts. */
interface Env {
  /** The stand-in for ESI, in the offline start only: requests to ESI go there. */
  ESI?: Fetcher;

  ESI_BASE_URL?: string;
  ESI_USER_AGENT?: string;
  ESI_COMPATIBILITY_DATE?: string;
  ESI_TIMEOUT_MS?: string;
  ESI_REQUESTS_PER_SECOND?: string;
  ESI_DOWNTIME?: string;
  SYNC_REGION_IDS?: string;
  SYNC_RUN_SECONDS?: string;
  SYNC_RUN_REQUESTS?: string;
  SYNC_RUN_QUERIES?: string;
  PRICES_EVERY_HOURS?: string;
  RETENTION_DAYS?: string;
  PUBLIC_URL?: string;
  ADMIN_TOKEN?: string;
}
