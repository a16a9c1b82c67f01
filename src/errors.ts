/** What can go wrong, in the words of the domain. HTTP statuses are assigned in http/problem.ts. */
export type ErrorCode =
  | "invalid-request"
  | "unauthorized"
  | "not-found"
  | "method-not-allowed"
  | "unsupported-media-type"
  | "rate-limited"
  | "contract-not-found"
  | "region-not-found"
  | "system-not-found"
  | "type-not-found"
  | "route-not-found"
  | "hull-not-found"
  | "settings-invalid"
  | "database-unavailable"
  | "cache-unavailable"
  | "internal-error";

export class AppError extends Error {
  override readonly name: string = "AppError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
