import { createStargates } from "../domain/stargates.ts";
import map from "./data/stargates.json" with { type: "json" };

/** The stargates that ship with the Worker, decoded once an isolate. */
export const shippedStargates = createStargates(map);
