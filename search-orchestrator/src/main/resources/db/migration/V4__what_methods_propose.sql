-- What a search method answers with, null or empty when answers come from the estimate; and whether it collapsed.
alter table search add column proposals text;
alter table search add column diagnostics text;
