alter table search add column space_definition text;
