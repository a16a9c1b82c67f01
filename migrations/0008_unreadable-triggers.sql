-- Whatever writes to a column of JSON what cannot be read leaves a note in `sync_state`, a row that each tick of the cron
-- reads anyway: the sync mends it (src/db/schema/unreadable.ts has the conditions).
CREATE TRIGGER contracts_unreadable_added AFTER INSERT ON contracts
WHEN case json_valid(new.item_flags) when 1 then json_type(new.item_flags, '$[0].code') is not 'text' or json_type(new.item_flags, '$[0].evidence') is not 'object' when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
CREATE TRIGGER contracts_unreadable_changed AFTER UPDATE OF item_flags ON contracts
WHEN case json_valid(new.item_flags) when 1 then json_type(new.item_flags, '$[0].code') is not 'text' or json_type(new.item_flags, '$[0].evidence') is not 'object' when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
CREATE TRIGGER hulls_unreadable_added AFTER INSERT ON hulls
WHEN case json_valid(new.asks) when 1 then json_type(new.asks, '$[0][3]') is not 'integer' when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
CREATE TRIGGER hulls_unreadable_changed AFTER UPDATE OF asks ON hulls
WHEN case json_valid(new.asks) when 1 then json_type(new.asks, '$[0][3]') is not 'integer' when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
CREATE TRIGGER price_parts_unreadable_added AFTER INSERT ON price_parts
WHEN case json_valid(new.prices) when 1 then json_type(new.prices, '$[0][3]') is null when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
CREATE TRIGGER price_parts_unreadable_changed AFTER UPDATE OF prices ON price_parts
WHEN case json_valid(new.prices) when 1 then json_type(new.prices, '$[0][3]') is null when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
CREATE TRIGGER region_states_unreadable_added AFTER INSERT ON region_states
WHEN case json_valid(new.counts) when 1 then json_type(new.counts, '$.byType.unknown.shipless') is not 'integer' or json_type(new.counts, '$.unknownSystemByType.unknown.shipless') is not 'integer' or json_type(new.counts, '$.itemsPending') is not 'integer' when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
CREATE TRIGGER region_states_unreadable_changed AFTER UPDATE OF counts ON region_states
WHEN case json_valid(new.counts) when 1 then json_type(new.counts, '$.byType.unknown.shipless') is not 'integer' or json_type(new.counts, '$.unknownSystemByType.unknown.shipless') is not 'integer' or json_type(new.counts, '$.itemsPending') is not 'integer' when 0 then 1 else 0 end BEGIN
  UPDATE sync_state SET has_unreadable = 1;
END;
--> statement-breakpoint
-- What was spoilt before is looked for once.
UPDATE sync_state SET has_unreadable = 1 WHERE covered_regions <> '';
