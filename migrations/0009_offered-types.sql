ALTER TABLE `contracts` ADD `offered_type_id` integer;--> statement-breakpoint
ALTER TABLE `contracts` ADD `offered_group_id` integer;--> statement-breakpoint
ALTER TABLE `contracts` ADD `offered_category_id` integer;--> statement-breakpoint
ALTER TABLE `contracts` ADD `offered_types` text;--> statement-breakpoint
ALTER TABLE `row_group_columns` ADD `offered_type_id` text;--> statement-breakpoint
ALTER TABLE `row_group_columns` ADD `offered_group_id` text;--> statement-breakpoint
ALTER TABLE `row_group_columns` ADD `offered_category_id` text;--> statement-breakpoint
ALTER TABLE `row_group_columns` ADD `offered_types` text;--> statement-breakpoint
-- No row group has the new columns yet.
UPDATE `row_groups` SET `stamp` = NULL;
