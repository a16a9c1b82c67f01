DROP INDEX `types_by_name`;--> statement-breakpoint
ALTER TABLE `types` ADD `search_name` text GENERATED ALWAYS AS (lower(replace(replace(replace(replace(name, '’', ''''), '‘', ''''), '–', '-'), ' ', ' '))) VIRTUAL;--> statement-breakpoint
CREATE INDEX `types_by_search_name` ON `types` (`search_name`);--> statement-breakpoint
ALTER TABLE `contracts` ADD `search_title` text;--> statement-breakpoint
CREATE INDEX `contracts_unfolded` ON `contracts` (`contract_id`) WHERE title is not null and search_title is null;